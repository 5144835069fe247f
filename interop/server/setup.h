/* SPDX-License-Identifier: Apache-2.0 */
/* Authentications in flight. They belong to a connection, and name a session: two on one connection never mix their hashes. */
#ifndef SERVER_SETUP_H
#define SERVER_SETUP_H

#include "connection.h"

struct auth;

/* An authentication in flight: of one session on one connection. The hash is a copy of the connection's, forked when it began. */
struct setup {
    uint64_t session_id; /* not a pointer: the session may end meanwhile, by another connection */
    struct auth *auth;
    csign_preauth preauth;
    bool binding; /* else the first authentication, or another one of an established session */
    struct setup *prev, *next;
};

struct setup *setup_new(struct connection *connection, struct session *session);
struct setup *setup_find(const struct connection *connection, uint64_t session_id);
/* setup_drop_orphans: those whose session has ended meanwhile, on another connection. */
void setup_drop_orphans(struct connection *connection);
/* setup_end forgets it, and its session too if that was never established. */
void setup_end(struct connection *connection, struct setup *setup);

#endif
