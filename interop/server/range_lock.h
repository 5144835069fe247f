/* SPDX-License-Identifier: Apache-2.0 */
/* Byte ranges that are locked (MS-FSA 2.1.4.10, 2.1.5.7). */
#ifndef SERVER_RANGE_LOCK_H
#define SERVER_RANGE_LOCK_H

#include "open.h"

#define MAX_LOCKS 512u           /* of an open */
#define MAX_SESSION_LOCKS 16384u /* and of all of a session */

struct range_lock {
    uint64_t offset, length;
    bool exclusive;
    struct range_lock *prev, *next;
};

/* range_lock_conflicts: whether another open's lock, or for writing a shared lock of one's own, covers a part of the range. */
bool range_lock_conflicts(const struct open *open, uint64_t offset, uint64_t length, bool writing);
/* range_lock_add: LOCK_NOT_GRANTED when it conflicts. */
uint32_t range_lock_add(struct open *open, uint64_t offset, uint64_t length, bool exclusive);
/* range_lock_remove takes off one lock of exactly this range. */
bool range_lock_remove(struct open *open, uint64_t offset, uint64_t length);
bool range_lock_any(const struct node *node);
/* range_lock_end: an open goes; what waits for a lock of its own is answered. */
void range_lock_end(struct open *open);
/* range_lock_retry tries what waits for a range of node (lock.c). */
void range_lock_retry(struct node *node);

#endif
