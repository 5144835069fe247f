/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <event2/util.h>
#include <string.h>
#include <time.h>

#include "connection.h"
#include "share.h"

uint64_t now_filetime(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return ((uint64_t)now.tv_sec + 11644473600u) * 10000000u + (uint64_t)now.tv_nsec / 100;
}

void server_settle(struct server *server)
{
    while (server->ready) {
        struct chain *chain = server->ready;
        struct connection *connection = chain->connection;
        DL_DELETE(server->ready, chain);
        chain->ready = false;
        chain_serve(chain);
        connection_send(connection);
        if (connection->wake)
            connection->wake(connection);
    }
}

static void settle(evutil_socket_t none, short events, void *server)
{
    (void)none;
    (void)events;
    server_settle(server);
}

bool server_init(struct server *server, const struct settings *settings, struct event_base *base)
{
    *server = (struct server){.settings = settings, .base = base, .start_time = now_filetime()};
    evutil_secure_rng_get_bytes(server->guid, sizeof server->guid);
    server->share = share_new();
    server->settle = event_new(base, -1, 0, settle, server);
    return server->share && server->settle;
}

void server_end(struct server *server)
{
    while (server->connections)
        connection_free(server->connections);
    if (server->settle)
        event_free(server->settle);
    if (server->share)
        share_free(server->share);
}
