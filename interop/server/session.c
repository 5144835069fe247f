/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "log.h"
#include "tree.h"

struct session *session_new(struct server *server)
{
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return NULL;
    session->server = server;
    /* Not to be guessed; 0 and all ones mean something else. */
    do
        evutil_secure_rng_get_bytes(&session->id, sizeof session->id);
    while (!session->id || session->id == UINT64_MAX || session_find(server, session->id));
    HASH_ADD(hh, server->sessions, id, sizeof session->id, session);
    server->session_count++;
    return session;
}

struct session *session_find(struct server *server, uint64_t id)
{
    struct session *session;
    HASH_FIND(hh, server->sessions, &id, sizeof id, session);
    return session;
}

struct channel *session_channel(const struct session *session, const struct connection *connection)
{
    struct channel *channel;
    DL_FOREACH(session->channels, channel)
    {
        if (channel->connection == connection)
            return channel;
    }
    return NULL;
}

bool connection_known(const struct connection *connection)
{
    const struct channel *channel;
    DL_FOREACH2(connection->channels, channel, connection_next)
    {
        if (!channel->session->anonymous)
            return true;
    }
    return false;
}

struct channel *session_add_channel(struct session *session, struct connection *connection)
{
    struct channel *channel = calloc(1, sizeof *channel);
    if (!channel)
        return NULL;
    channel->session = session;
    channel->connection = connection;
    DL_APPEND(session->channels, channel);
    DL_APPEND2(connection->channels, channel, connection_prev, connection_next);
    connection->channel_count++;
    session->channel_count++;
    return channel;
}

/* What is still to be sent is signed with keys that are about to go. */
static void take_off(struct channel *channel)
{
    struct connection *connection = channel->connection;
    connection_send(connection);
    if (connection->wake)
        connection->wake(connection);
    DL_DELETE(channel->session->channels, channel);
    DL_DELETE2(connection->channels, channel, connection_prev, connection_next);
    connection->channel_count--;
    channel->session->channel_count--;
    csign_channel_wipe(&channel->bound);
    free(channel);
}

static void abandon(struct connection *connection, const struct session *session, uint32_t status)
{
    for (bool found = true; found;) {
        found = false;
        struct chain *chain;
        DL_FOREACH(connection->deferred, chain)
        {
            if (chain->request.session == session) {
                request_abandon(&chain->request, status);
                found = true;
                break;
            }
        }
    }
}

void session_end(struct session *session, uint32_t status)
{
    struct server *server = session->server;
    while (session->trees)
        tree_end(session->trees);
    struct channel *channel;
    DL_FOREACH(session->channels, channel)
    {
        abandon(channel->connection, session, status);
    }
    struct channel *next;
    DL_FOREACH_SAFE(session->channels, channel, next)
    {
        take_off(channel);
    }
    HASH_DEL(server->sessions, session);
    server->session_count--;
    log_line(NULL, session, "ended");
    csign_session_wipe(&session->keys);
    free(session);
}

void channel_end(struct channel *channel)
{
    struct session *session = channel->session;
    if (channel == session->channels && !channel->next) {
        session_end(session, STATUS_USER_SESSION_DELETED);
    } else {
        abandon(channel->connection, session, STATUS_USER_SESSION_DELETED);
        take_off(channel);
    }
}
