/* SPDX-License-Identifier: Apache-2.0 */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "negotiate.h"
#include "octets.h"
#include "setup.h"
#include "transform.h"

struct connection *connection_new(struct server *server, const char *peer)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        return NULL;
    connection->out = evbuffer_new();
    if (!connection->out) {
        free(connection);
        return NULL;
    }
    connection->server = server;
    connection->number = ++server->last_connection;
    strncpy(connection->peer, peer, sizeof connection->peer - 1);
    csign_preauth_init(&connection->preauth);
    credits_init(&connection->credits);
    DL_APPEND(server->connections, connection);
    server->connection_count++;
    log_line(connection, NULL, "from %s", connection->peer);
    return connection;
}

void connection_drop(struct connection *connection, const char *rule, const char *why)
{
    if (!connection->closing)
        log_line(connection, NULL, "dropped: %s [%s]", why, rule);
    connection->closing = true;
    if (connection->wake)
        connection->wake(connection);
}

/* ---- in ---- */

static void serve(struct connection *connection, uint8_t *message, size_t len, uint64_t encrypted_session)
{
    struct chain *chain = calloc(1, sizeof *chain);
    if (chain)
        chain->frame = frame_new();
    if (!chain || !chain->frame) {
        free(chain);
        free(message);
        connection_drop(connection, "memory", "no memory for a message");
        return;
    }
    chain->connection = connection;
    chain->message = message;
    chain->len = len;
    chain->encrypted = encrypted_session != 0;
    chain->encrypted_session = encrypted_session;
    chain_serve(chain);
}

/* MS-SMB2 3.3.5.2.1. What cannot be decrypted says nothing about who sent it: the connection ends. */
static void receive_encrypted(struct connection *connection, uint8_t *message, size_t len)
{
    struct session *session = len < TRANSFORM_LEN ? NULL : session_find(connection->server, load_le64(message + 44));
    if (!session || !session->established || !session_channel(session, connection) ||
        !transform_open(session, message, len)) {
        free(message);
        connection_drop(connection, "MS-SMB2 3.3.5.2.1.1",
                        "an encrypted message of no session here, or that is not authentic");
        return;
    }
    len -= TRANSFORM_LEN;
    memmove(message, message + TRANSFORM_LEN, len);
    serve(connection, message, len, session->id);
}

void connection_receive(struct connection *connection, uint8_t *message, size_t len)
{
    if (connection->closing) {
        free(message);
        return;
    }
    if (len >= 4 && !memcmp(message, "\xFDSMB", 4)) {
        receive_encrypted(connection, message, len);
    } else if (len >= 4 && !memcmp(message, "\xFESMB", 4)) {
        serve(connection, message, len, 0);
    } else if (len >= 4 && !memcmp(message, "\xFFSMB", 4) && !connection->negotiated && !connection->multi_protocol) {
        negotiate_multi_protocol(connection, (csign_bytes){message, len});
        free(message);
    } else {
        free(message);
        connection_drop(connection, "HDR-PROTOCOL-ID", "not an SMB2 message");
    }
    server_settle(connection->server);
}

/* ---- out ---- */

#define BATCH 64

void connection_queue(struct connection *connection, struct frame *frame)
{
    DL_APPEND(connection->queue, frame);
    connection->queue_count++;
    connection->queue_bytes += frame->len;
    if (connection->queue_count >= BATCH || connection->queue_bytes >= QUEUE_BYTES)
        connection_send(connection);
}

static void sign_batch(struct connection *connection, csign_job *jobs, size_t count)
{
    if (!csign_sign_batch(jobs, count))
        return;
    for (size_t i = 0; i < count; i++)
        if (jobs[i].status != CSIGN_OK) /* it would repeat a nonce */
            connection_drop(connection, "MS-SMB2 3.1.4.1", csign_status_text(jobs[i].status));
}

static void sign_queue(struct connection *connection)
{
    csign_job jobs[BATCH];
    size_t count = 0;
    struct frame *frame;
    DL_FOREACH(connection->queue, frame)
    {
        for (size_t i = 0; i < frame->count; i++) {
            const struct frame_element *element = &frame->elements[i];
            if (!element->signer)
                continue;
            size_t end = i + 1 < frame->count ? frame->elements[i + 1].offset : frame->len;
            jobs[count++] = (csign_job){
                .signer = element->signer, .message = frame->data + element->offset, .len = end - element->offset};
            if (count == BATCH) {
                sign_batch(connection, jobs, count);
                count = 0;
            }
        }
    }
    if (count)
        sign_batch(connection, jobs, count);
}

/* A frame takes some KiB more than its bytes; what waits in great number must not. */
#define COPIED 4096u

static void release(const void *data, size_t len, void *frame)
{
    (void)data;
    (void)len;
    frame_free(frame);
}

/* The transport header (MS-SMB2 2.1): a zero byte and the length in three, big-endian. */
static void put(struct connection *connection, struct frame *frame)
{
    uint8_t *message = frame->data + TRANSPORT_LEN + TRANSFORM_LEN;
    size_t len = frame->len - TRANSPORT_LEN - TRANSFORM_LEN;
    if (frame->preauth)
        csign_preauth_update(frame->preauth, (csign_bytes){message, len});
    if (frame->encrypt_for) {
        if (!transform_seal(frame->encrypt_for, message - TRANSFORM_LEN, message, len)) {
            connection_drop(connection, "MS-SMB2 3.1.4.3", "an answer could not be encrypted");
            frame_free(frame);
            return;
        }
        message -= TRANSFORM_LEN;
        len += TRANSFORM_LEN;
    }
    uint8_t *start = message - TRANSPORT_LEN;
    start[0] = 0;
    start[1] = (uint8_t)(len >> 16);
    start[2] = (uint8_t)(len >> 8);
    start[3] = (uint8_t)len;
    len += TRANSPORT_LEN;
    bool small = len <= COPIED;
    if (small ? evbuffer_add(connection->out, start, len)
              : evbuffer_add_reference(connection->out, start, len, release, frame)) {
        connection_drop(connection, "memory", "no memory for an answer");
        small = true;
    }
    if (small)
        frame_free(frame);
}

void connection_send(struct connection *connection)
{
    sign_queue(connection);
    connection->queue_count = connection->queue_bytes = 0;
    while (connection->queue) {
        struct frame *frame = connection->queue;
        DL_DELETE(connection->queue, frame);
        put(connection, frame);
    }
}

void connection_free(struct connection *connection)
{
    struct server *server = connection->server;
    connection->closing = true;
    connection->wake = NULL;
    while (connection->deferred)
        chain_free(connection->deferred);
    struct chain *chain, *next;
    DL_FOREACH_SAFE(server->ready, chain, next)
    {
        if (chain->connection == connection)
            chain_free(chain);
    }
    while (connection->setups)
        setup_end(connection, connection->setups);
    while (connection->channels)
        channel_end(connection->channels);
    connection_send(connection);
    DL_DELETE(server->connections, connection);
    server->connection_count--;
    server->held -= connection->held;
    log_line(connection, NULL, "closed");
    evbuffer_free(connection->out);
    free(connection);
}
