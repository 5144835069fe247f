/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions by id, each with the keyring that judges its messages: a connection's own, and those of the whole capture that other
   connections may bind. */
#ifndef COUNTERSIGN_TOOLS_SESSIONS_H
#define COUNTERSIGN_TOOLS_SESSIONS_H

#include "keyring.h"

typedef struct session {
    struct session *next; /* the most recently used first */
    uint64_t id;
    keyring *ring; /* borrowed */
} session;

/* sessions_find returns the ring of a session, or NULL. */
keyring *sessions_find(session **list, uint64_t id);
void sessions_set(session **list, uint64_t id, keyring *ring);
void sessions_free(session **list);

#endif
