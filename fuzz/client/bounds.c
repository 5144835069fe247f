/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of the server's state between messages: its bounds, its counts, and that its sessions are those the client knows. */
#include "client.h"
#include "fuzz/fuzz.h"
#include "interop/server/open.h"
#include "interop/server/range_lock.h"
#include "interop/server/tree.h"

static void check_connection(const struct connection *connection)
{
    size_t deferred = 0, bytes = 0, setups = 0, channels = 0;
    const struct chain *chain;
    DL_FOREACH(connection->deferred, chain)
    {
        deferred++;
        bytes += chain->len;
    }
    CHECK(deferred == connection->deferred_count && bytes == connection->deferred_bytes, "what waits is counted");
    CHECK(deferred <= MAX_DEFERRED && bytes <= MAX_DEFERRED_BYTES, "what waits is bounded");
    const struct setup *setup;
    DL_FOREACH(connection->setups, setup)
    setups++;
    const struct channel *channel;
    DL_FOREACH2(connection->channels, channel, connection_next)
    channels++;
    CHECK(setups == connection->setup_count && channels == connection->channel_count,
          "authentications and channels are counted");
    CHECK(setups <= MAX_SETUPS, "authentications in flight are bounded");
    CHECK(channels <= MAX_SESSIONS + MAX_SETUPS, "channels are bounded");
    CHECK(!connection->queue && !connection->queue_count && !evbuffer_get_length(connection->out),
          "everything is sent");
    CHECK(connection->credits.granted <= MAX_CREDITS && connection->credits.granted <= connection->credits.range,
          "credits are bounded");
}

static void check_session(const struct client *client, const struct session *session)
{
    size_t opens = 0, trees = 0, locks = 0;
    const struct tree *tree;
    const struct open *open;
    DL_FOREACH(session->trees, tree)
    {
        trees++;
        DL_FOREACH(tree->opens, open)
        {
            opens++;
            locks += open->lock_count;
        }
    }
    CHECK(trees == session->tree_count && opens == session->open_count, "tree connects and opens are counted");
    CHECK(locks == session->lock_count && locks <= MAX_SESSION_LOCKS, "locks are counted and bounded");
    CHECK(trees <= 256 && opens <= MAX_OPENS, "tree connects and opens are bounded");
    bool known = false;
    for (size_t i = 0; i < client->session_count; i++)
        known |= client->sessions[i].id == session->id && client->sessions[i].established == session->established;
    CHECK(known, "the client knows every session, and whether it is established");
}

void check_bounds(const struct client *client)
{
    struct server *server = client->server;
    CHECK(!server->ready, "nothing is left to go on with");
    for (unsigned c = 0; c < CONNECTIONS; c++)
        if (client->connections[c].server)
            check_connection(client->connections[c].server);
    const struct session *session, *next;
    CHECK(HASH_COUNT(server->sessions) == server->session_count, "sessions are counted");
    for (session = server->sessions; session; session = next) {
        next = session->hh.next;
        check_session(client, session);
    }
    for (size_t i = 0; i < client->session_count; i++)
        CHECK(client->sessions[i].ended == !session_find(server, client->sessions[i].id),
              "a session is there until it has ended");
    CHECK(server->share->used <= MAX_SHARE, "the share is bounded");
}
