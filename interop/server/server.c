/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <event2/util.h>
#include <string.h>
#include <time.h>

#include "connection.h"
#include "log.h"
#include "share.h"

uint64_t now_filetime(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return ((uint64_t)now.tv_sec + 11644473600u) * 10000000u + (uint64_t)now.tv_nsec / 100;
}

#define TURN_MS 10

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void server_turn_begin(struct server *server)
{
    server->turn_began = now_ms();
}

bool server_turn_over(const struct server *server)
{
    return now_ms() - server->turn_began >= TURN_MS;
}

void server_settle(struct server *server)
{
    while (server->ready && !server_turn_over(server)) {
        struct chain *chain = server->ready;
        struct connection *connection = chain->connection;
        chain_resume(chain);
        chain_serve(chain);
        connection_send(connection);
        if (connection->wake)
            connection->wake(connection);
    }
    if (server->ready)
        event_active(server->settle, 0, 0);
}

static void settle(evutil_socket_t none, short events, void *server)
{
    (void)none;
    (void)events;
    server_turn_begin(server);
    server_settle(server);
}

bool server_init(struct server *server, const struct settings *settings, struct event_base *base)
{
    *server = (struct server){.settings = settings, .base = base, .start_time = now_filetime()};
    log_silence(settings->quiet);
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
