/* SPDX-License-Identifier: Apache-2.0 */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connection.h"
#include "log.h"
#include "session.h"

#define CHUNK (1024 * 1024)

static void finish(struct bufferevent *stream, struct connection *connection)
{
    connection_free(connection);
    bufferevent_free(stream);
}

/* What messages a connection holds. Before finish: then it is no more. */
static size_t bytes_held(struct bufferevent *stream, const struct connection *connection)
{
    return evbuffer_get_length(bufferevent_get_input(stream)) + evbuffer_get_length(bufferevent_get_output(stream)) +
           evbuffer_get_length(connection->out) + connection->deferred_bytes;
}

/* Together they hold no more than --max-memory says: whoever holds most gives way, as one that takes nothing of its answers does. To be
   called last, since it may end connection. */
static void share_memory(struct bufferevent *stream, struct connection *connection)
{
    struct server *server = connection->server;
    server->held -= connection->held;
    connection->held = bytes_held(stream, connection);
    server->held += connection->held;
    while (server->held > (size_t)server->settings->max_memory * 1024 * 1024) {
        struct connection *each, *most = connection;
        DL_FOREACH(server->connections, each)
        {
            if (each->held > most->held)
                most = each;
        }
        connection_drop(most, "memory", "all together hold too much, and this one most of it (--max-memory)");
        finish(most->transport, most);
        if (most == connection)
            return;
    }
}

/* Hands over what is to go out, and says whether more may come in. What the socket takes goes at once: by the event loop's way an answer
   costs three system calls more, a seventh of a small request. */
static bool flush(struct bufferevent *stream, struct connection *connection)
{
    if (!evbuffer_get_length(bufferevent_get_output(stream)))
        evbuffer_write(connection->out, bufferevent_getfd(stream));
    bufferevent_write_buffer(stream, connection->out);
    size_t most = connection_known(connection) ? MAX_OUT : MAX_STRANGERS;
    bool room = evbuffer_get_length(bufferevent_get_output(stream)) < most;
    if (connection->closing || connection->ended || !room)
        bufferevent_disable(stream, EV_READ);
    else
        bufferevent_enable(stream, EV_READ);
    return room && !connection->closing;
}

/* A peer that does nothing while something is expected of it: it is inside a message, has no session, or should take answers. One that has
   a session may be idle between messages for as long as it likes. */
static void set_bounds(struct bufferevent *stream, const struct connection *connection, bool inside_message)
{
    size_t most = TRANSPORT_LEN + (connection_known(connection) ? MAX_MESSAGE : MAX_STRANGERS), before;
    bufferevent_getwatermark(stream, EV_READ, NULL, &before);
    if (most != before) /* setting it costs a part of a small request */
        bufferevent_setwatermark(stream, EV_READ, 0, most);
    const struct timeval patience = {connection->server->settings->patience, 0};
    bufferevent_set_timeouts(stream, inside_message || !connection->channels ? &patience : NULL, &patience);
}

static time_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return t.tv_sec;
}

/* A peer that does something, a byte now and then, and never comes to the end of a message or of its authentication. */
static void check_patience(struct connection *connection, bool inside_message, bool served)
{
    bool expected = inside_message || !connection->channels;
    if (!expected || (served && connection->channels))
        connection->since = 0;
    if (expected && !connection->since)
        connection->since = now();
    if (expected && now() - connection->since > connection->server->settings->patience)
        connection_drop(connection, "patience", "the peer took too long for a message, or to authenticate");
}

/* The length of the message at the front, or 0 if it is not there as a whole. */
static size_t whole_message(struct connection *connection, struct evbuffer *in)
{
    uint8_t head[TRANSPORT_LEN];
    size_t have = evbuffer_get_length(in);
    if (have < sizeof head)
        return 0;
    evbuffer_copyout(in, head, sizeof head);
    size_t len = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (head[0] || !len || len > (connection_known(connection) ? MAX_MESSAGE : MAX_STRANGERS)) {
        connection_drop(connection, "MS-SMB2 2.1",
                        "the transport header is not that of a message, or claims more bytes than this peer may send");
        return 0;
    }
    return have - sizeof head < len ? 0 : len;
}

/* There is something to do outside of readable: the event loop does it, not the caller's stack. */
static void wake(struct connection *connection)
{
    bufferevent_trigger(connection->transport, EV_READ,
                        (short)BEV_TRIG_IGNORE_WATERMARKS | (short)BEV_OPT_DEFER_CALLBACKS);
}

static void readable(struct bufferevent *stream, void *arg)
{
    struct connection *connection = arg;
    struct evbuffer *in = bufferevent_get_input(stream);
    size_t len;
    bool served = false, waits = false;
    server_turn_begin(connection->server);
    while (flush(stream, connection) && !connection->unfinished && (len = whole_message(connection, in)) != 0) {
        waits = server_turn_over(connection->server);
        if (waits)
            break;
        uint8_t *message = malloc(len);
        if (!message) {
            connection_drop(connection, "memory", "no memory for a message");
            break;
        }
        evbuffer_drain(in, TRANSPORT_LEN);
        evbuffer_remove(in, message, len);
        connection_receive(connection, message, len);
        served = true;
        if (evbuffer_get_length(connection->out) > MAX_OUT)
            connection_send(connection);
    }
    connection_send(connection);
    if (waits)
        wake(connection);
    waits = waits || connection->unfinished;
    bool inside_message = !waits && evbuffer_get_length(in) != 0;
    bool going =
        flush(stream, connection) && !waits; /* else messages wait for room or their turn, and the peer for nothing */
    if (going)
        check_patience(connection, inside_message, served);
    else if (served && connection->channels)
        connection->since = 0;
    if (going && connection->ended)
        connection->closing = true;
    set_bounds(stream, connection, inside_message);
    if (connection->closing && !evbuffer_get_length(bufferevent_get_output(stream)))
        finish(stream, connection);
    else
        share_memory(stream, connection);
}

static void writable(struct bufferevent *stream, void *arg)
{
    struct connection *connection = arg;
    if (connection->closing)
        finish(stream, connection);
    else if (flush(stream, connection))
        readable(stream, arg); /* messages may have waited for room */
}

static void ended(struct bufferevent *stream, short events, void *arg)
{
    struct connection *connection = arg;
    if (events & BEV_EVENT_TIMEOUT)
        connection_drop(connection, "patience", "the peer took too long");
    if (events & BEV_EVENT_EOF && !connection->ended) { /* it may still read */
        connection->ended = true;
        readable(stream, arg);
    } else {
        finish(stream, connection);
    }
}

static void accept_again(evutil_socket_t none, short events, void *listener)
{
    (void)none;
    (void)events;
    evconnlistener_enable(listener);
}

static void pause_accepting(struct evconnlistener *listener, time_t seconds)
{
    const struct timeval pause = {seconds, 0};
    if (!event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT, accept_again, listener, &pause))
        evconnlistener_disable(listener);
}

static void accepted(struct evconnlistener *listener, evutil_socket_t socket, struct sockaddr *address, int len,
                     void *arg)
{
    (void)len;
    struct server *server = arg;
    if (server_turn_over(
            server)) { /* accepting ends a turn, too: connections may come faster than they are seen to go */
        server_turn_begin(server);
        pause_accepting(listener, 0);
    }
    char peer[64], host[INET6_ADDRSTRLEN] = "";
    bool v6 = address->sa_family == AF_INET6;
    const struct sockaddr_in *in = (const void *)address;
    const struct sockaddr_in6 *in6 = (const void *)address;
    inet_ntop(address->sa_family, v6 ? (const void *)&in6->sin6_addr : &in->sin_addr, host, sizeof host);
    snprintf(peer, sizeof peer, "%s:%u", host, ntohs(v6 ? in6->sin6_port : in->sin_port));
    if (server->connection_count >= server->settings->max_connections) {
        log_line(NULL, NULL, "%s turned away: %u connections are the most (--max-connections)", peer,
                 server->settings->max_connections);
        evutil_closesocket(socket);
        return;
    }
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct bufferevent *stream =
        bufferevent_socket_new(server->base, socket, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    struct connection *connection = stream ? connection_new(server, peer) : NULL;
    if (!connection) {
        if (stream)
            bufferevent_free(stream);
        else
            evutil_closesocket(socket);
        return;
    }
    connection->transport = stream;
    connection->wake = wake;
    connection->since = now();
    bufferevent_setcb(stream, readable, writable, ended, connection);
    bufferevent_set_max_single_read(stream, CHUNK);
    bufferevent_set_max_single_write(stream, CHUNK);
    set_bounds(stream, connection, false);
    bufferevent_enable(stream, EV_READ | EV_WRITE);
}

/* Out of descriptors, say: what waits is accepted later, when some may have become free. */
static void accept_failed(struct evconnlistener *listener, void *arg)
{
    (void)arg;
    log_line(NULL, NULL, "accept: %s; tried again in a second", evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
    pause_accepting(listener, 1);
}

struct evconnlistener *listener_new(struct server *server, char *why, size_t why_len)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in *in = (void *)&address;
    struct sockaddr_in6 *in6 = (void *)&address;
    int len = sizeof *in;
    in->sin_family = AF_INET;
    in->sin_port = htons(server->settings->port);
    if (inet_pton(AF_INET, server->settings->address, &in->sin_addr) != 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(server->settings->port);
        len = sizeof *in6;
        if (inet_pton(AF_INET6, server->settings->address, &in6->sin6_addr) != 1) {
            snprintf(why, why_len, "%s is not an address", server->settings->address);
            return NULL;
        }
    }
    struct evconnlistener *listener =
        evconnlistener_new_bind(server->base, accepted, server, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, 1024,
                                (struct sockaddr *)&address, len);
    if (!listener)
        snprintf(why, why_len, "%s port %u: %s", server->settings->address, server->settings->port,
                 evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
    else
        evconnlistener_set_error_cb(listener, accept_failed);
    return listener;
}

void listener_end(struct evconnlistener *listener, struct server *server)
{
    evconnlistener_free(listener);
    while (server->connections)
        finish(server->connections->transport, server->connections);
}

uint16_t listener_port(struct evconnlistener *listener)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    if (getsockname(evconnlistener_get_fd(listener), (struct sockaddr *)&address, &len))
        return 0;
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&address)->sin6_port
                                               : ((struct sockaddr_in *)(void *)&address)->sin_port);
}
