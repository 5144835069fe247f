/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions by id, each with the keyring that judges its messages: a connection's own, and those of the whole capture that other
   connections may bind. Bounded: the session that was used longest ago is forgotten, and counted. */
#ifndef COUNTERSIGN_TOOLS_SESSIONS_H
#define COUNTERSIGN_TOOLS_SESSIONS_H

#include "keylog.h"
#include "keyring.h"

#define SESSIONS_OF_CAPTURE 4096u
#define SESSIONS_OF_CONNECTION 1024u

typedef struct session {
    struct session *next; /* the most recently used first */
    uint64_t id;
    keyring *ring; /* shared with other lists; freed with the last */
} session;

typedef struct sessions {
    session *first;
    size_t count;
    keylog *log; /* NULL, or takes the keys of rings that are freed */
} sessions;

/* sessions_find returns the ring of a session, or NULL. */
keyring *sessions_find(sessions *all, uint64_t id);

/* sessions_set gives a session a ring, in place of the one that it had. Of more than limit sessions one is forgotten: true. */
bool sessions_set(sessions *all, uint64_t id, keyring *ring, size_t limit);

void sessions_free(sessions *all);

#endif
