/* SPDX-License-Identifier: Apache-2.0 */
/* A connection as the protocol sees it (MS-SMB2 3.3.1.7): whole messages come in, frames go out. It knows no socket: listener.c moves
   bytes between this and the network, a fuzz target feeds it directly.

   Answers are laid as frames (frame.h) into a queue; connection_send signs all of them in one batch, encrypts those that have to be,
   and moves them to out. */
#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H

#include <event2/buffer.h>
#include <time.h>

#include <countersign/countersign.h>

#include "chain.h"
#include "credits.h"
#include "frame.h"
#include "server.h"
#include "session.h"

/* What a connection may hold of memory, together about 68 MiB: MAX_MESSAGE of what has come in and again while it is served, MAX_FRAME of
   its answer, QUEUE_BYTES of answers that are not signed yet, MAX_OUT of those that are, MAX_DEFERRED_BYTES of requests that wait, and of
   each its answer. Before anybody with a name has authenticated on it: MAX_STRANGERS in, as much out, and MAX_SETUPS contexts of GSSAPI. */
#define MAX_MESSAGE (8u * 1024 * 1024 + 64 * 1024) /* the largest WRITE and its headers */
#define MAX_STRANGERS (128u * 1024)                /* a SESSION_SETUP has a token of 65535 bytes at most */
#define QUEUE_BYTES (4u * 1024 * 1024)
#define MAX_OUT (16u * 1024 * 1024)           /* then nothing more is read until the peer has taken some */
#define MAX_DEFERRED 512u                     /* requests that wait */
#define MAX_DEFERRED_BYTES (8u * 1024 * 1024) /* and their messages */
#define MAX_SETUPS 4u /* authentications in flight, of which each has up to 70 KiB in the library */
#define MAX_SESSIONS 64u

struct connection {
    struct server *server;
    uint64_t number; /* for the log */
    char peer[64];
    bool negotiated;     /* NEGOTIATE has been answered */
    bool multi_protocol; /* an SMB1 negotiate was answered with 2.FF: NEGOTIATE comes again */
    bool ended;          /* the peer sends nothing more; what it sent is served */
    bool closing;        /* nothing more is read; out goes, then it ends */
    csign_negotiated chosen;
    csign_preauth preauth;
    uint8_t client_guid[16];
    uint16_t client_security_mode;
    uint32_t client_capabilities;
    struct credits credits;
    struct setup *setups;
    struct channel *channels; /* DL list by connection_prev, connection_next */
    size_t setup_count, channel_count;
    struct chain *deferred; /* DL list */
    size_t deferred_count, deferred_bytes;
    size_t unfinished; /* chains whose turn was over: no further message is served before they are */
    uint64_t last_async_id;
    struct frame *queue; /* DL list: not yet signed */
    size_t queue_count, queue_bytes;
    struct evbuffer *out;
    void (*wake)(struct connection
                     *connection); /* out has grown, or closing was set, outside of connection_receive; may be NULL */
    void *transport;
    size_t held; /* listener.c: bytes of messages that came in or wait to go out, when it was last served */
    time_t
        since; /* listener.c: when it began to wait for the end of a message or of an authentication; 0: it does not */
    struct connection *prev, *next;
};

struct connection *connection_new(struct server *server, const char *peer);
/* connection_receive serves one whole message, without its transport header. It takes message, which malloc gave. */
void connection_receive(struct connection *connection, uint8_t *message, size_t len);
/* connection_queue takes a frame that is to be signed and sent. */
void connection_queue(struct connection *connection, struct frame *frame);
/* connection_send finishes what is queued. To be called when no further message is at hand, and before a signer goes. */
void connection_send(struct connection *connection);
/* connection_drop: why goes into the log; the peer sees the connection close. */
void connection_drop(struct connection *connection, const char *rule, const char *why);
void connection_free(struct connection *connection);

#endif
