/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions and their channels (MS-SMB2 3.3.1.8, 3.3.1.14). */
#ifndef SERVER_SESSION_H
#define SERVER_SESSION_H

#include <uthash.h>
#include <utlist.h>

#include <countersign/countersign.h>

#include "server.h"

struct connection;
struct tree;

/* A channel: a connection on which a session is spoken. signer is the session's own on the first connection, and
   bound's on those that were bound to it. */
struct channel {
    struct session *session;
    struct connection *connection;
    const csign_signer *signer;
    csign_channel bound;                               /* zero on the first connection */
    struct channel *prev, *next;                       /* of the session */
    struct channel *connection_prev, *connection_next; /* of the connection */
};

struct session {
    uint64_t id;
    struct server *server;
    csign_session keys;
    bool established;      /* authenticated at least once */
    bool guest, anonymous; /* no keys, no signer; but anonymous after another authentication, which keeps them */
    bool signing_required, encryption_required;
    char user[256];
    uint64_t nonce; /* last one of server to client */
    struct channel *channels;
    size_t channel_count;
    struct tree *trees; /* DL list */
    size_t tree_count;
    uint32_t last_tree_id;
    size_t open_count, lock_count;
    UT_hash_handle hh;
};

struct session *session_new(struct server *server);
/* session_find: NULL when there is none. */
struct session *session_find(struct server *server, uint64_t id);
struct channel *session_channel(const struct session *session, const struct connection *connection);
/* connection_known: somebody with a name has authenticated on connection; else it is a stranger's. */
bool connection_known(const struct connection *connection);
struct channel *session_add_channel(struct session *session, struct connection *connection);
/* session_end: opens, trees and channels go, deferred requests are answered with status, keys are wiped. */
void session_end(struct session *session, uint32_t status);
/* channel_end: and the session, if it was the last. */
void channel_end(struct channel *channel);

#endif
