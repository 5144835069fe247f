/* SPDX-License-Identifier: Apache-2.0 */
/* What all connections share: the settings, the tables of connections and sessions, the share (MS-SMB2 3.3.1.5). */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <event2/event.h>

#include "settings.h"

struct chain;
struct connection;
struct session;
struct share;

struct server {
    const struct settings *settings;
    struct event_base *base;
    struct connection *connections; /* DL list of utlist */
    size_t connection_count;
    size_t held;              /* by all connections */
    struct session *sessions; /* by SessionId, uthash */
    size_t session_count;
    struct share *share;
    struct chain
        *ready; /* DL list: chains to be gone on with, whose deferred request was answered or whose turn was over */
    struct event *settle;
    int64_t turn_began; /* ms: server_turn_begin */
    uint8_t guid[16];
    uint64_t start_time; /* FILETIME */
    uint64_t last_connection;
};

/* server_init: guid and share are made anew. false: no memory. */
bool server_init(struct server *server, const struct settings *settings, struct event_base *base);
/* server_end closes every connection and frees all. */
void server_end(struct server *server);
/* server_settle goes on with the chains that are ready, as long as the turn lasts. connection_receive calls it; whatever else completes a
   request is followed by it from the event loop. */
void server_settle(struct server *server);
/* No connection keeps the others waiting: whoever has a turn ends it soon after server_turn_over, and goes on in its next one. */
void server_turn_begin(struct server *server);
bool server_turn_over(const struct server *server);
/* now_filetime: 100 ns since 1601 (MS-DTYP 2.3.3). */
uint64_t now_filetime(void);

#endif
