/* SPDX-License-Identifier: Apache-2.0 */
/* Oplocks (MS-FSA 2.1.4.12, MS-SMB2 3.3.4.6, 3.3.5.22.1): what a client may cache, until somebody else comes. */
#ifndef SERVER_OPLOCK_H
#define SERVER_OPLOCK_H

#include "open.h"

#define OPLOCK_NONE 0u
#define OPLOCK_II 1u
#define OPLOCK_EXCLUSIVE 8u
#define OPLOCK_BATCH 9u
#define OPLOCK_LEASE 0xFFu
#define BREAK_TIMEOUT 35 /* seconds for the acknowledgement, 3.3.6.1 */

/* oplock_grant: what open gets of the level that it asks for. */
void oplock_grant(struct open *open, uint8_t wanted);
/* oplock_break_for: another is about to open the node. Breaks the exclusive or batch oplock, if there is one, to level; true: it must be
   waited for. levels: which of both. */
bool oplock_break_for(struct node *node, const struct open *except, bool batch_only, uint8_t level);
/* oplock_break_level_ii: contents change, so nobody else may go on caching them. Nothing is waited for. */
void oplock_break_level_ii(const struct open *open);
void oplock_break_all_ii(struct node *node, const struct open *except);
/* oplock_acknowledge: the answer's status. */
uint32_t oplock_acknowledge(struct open *open, uint8_t level);
void oplock_end(struct open *open);
/* notify_oplock_break sends the unsolicited OPLOCK_BREAK. */
void notify_oplock_break(struct open *open, uint8_t level);

/* create_retry tries the CREATEs that wait for node (create.c). */
void create_retry(struct node *node);

#endif
