/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <stdlib.h>

#include "auth_fake.h"
#include "fuzz/fuzz.h"
#include "interop/server/octets.h"
#include "seal.h"

struct client_session *client_find(struct client *client, uint64_t id)
{
    for (size_t i = 0; i < client->session_count; i++)
        if (client->sessions[i].id == id)
            return &client->sessions[i];
    return NULL;
}

struct client_session *client_slot(struct client *client, unsigned slot)
{
    return client->session_count ? &client->sessions[slot % client->session_count] : NULL;
}

bool client_has_keys(const struct client_session *session)
{
    return session->keys.signing.len != 0;
}

void client_connect(struct client *client, unsigned c)
{
    struct client_connection *connection = &client->connections[c];
    *connection = (struct client_connection){.server = connection_new(client->server, "fuzz")};
    CHECK(connection->server, "there is memory");
    csign_preauth_init(&connection->chain);
}

static void free_message(struct message *message)
{
    free(message->copy);
    free(message->elements);
    free(message);
}

static void forget(struct client_connection *connection)
{
    while (connection->messages) {
        struct message *message = connection->messages;
        connection->messages = message->next_message;
        free_message(message);
    }
}

/* A session lives as long as it has a connection; one that was not established yet, as long as its own. */
void client_close(struct client *client, unsigned c)
{
    struct client_connection *connection = &client->connections[c];
    if (!connection->server)
        return;
    connection_free(connection->server);
    for (size_t i = 0; i < connection->setup_count; i++) {
        struct client_session *session = client_find(client, connection->setups[i].session_id);
        if (session && !session->established)
            session->ended = true;
    }
    for (size_t i = 0; i < client->session_count; i++) {
        struct client_session *session = &client->sessions[i];
        session->channels[c].on = false;
        bool any = false;
        for (unsigned k = 0; k < CONNECTIONS; k++)
            any |= session->channels[k].on;
        session->ended |= session->established && !any;
    }
    forget(connection);
    *connection = (struct client_connection){.server = NULL};
}

static void walk(struct message *message, const uint8_t *at, size_t len)
{
    csign_bytes whole = {message->copy, len};
    message->elements = calloc(len / CSIGN_HEADER_LEN + 1, sizeof *message->elements);
    CHECK(message->elements, "there is memory");
    for (size_t offset = 0, element_len = 0;
         csign_compound_next(whole, &offset, &element_len) == CSIGN_OK && element_len;) {
        struct sent *sent = &message->elements[message->count++];
        sent->element = (csign_bytes){message->copy + offset, element_len};
        sent->at = at + offset;
        csign_header_parse(&sent->header, sent->element);
    }
}

/* The MessageIds behind an element that waits are not used yet: who has one of them first is answered, and the other's connection ends. The client
   cannot tell whose answer it is, so it does not send what would have one. */
static bool clashes(const struct client_connection *connection, const struct message *fresh)
{
    for (const struct message *message = connection->messages; message; message = message->next_message)
        for (size_t i = 0; i < message->count; i++)
            for (size_t k = 0; k < fresh->count; k++) {
                const struct sent *waits = &message->elements[i], *sent = &fresh->elements[k];
                if (!waits->looked_at && waits->header.command != CSIGN_COMMAND_CANCEL &&
                    sent->header.command != CSIGN_COMMAND_CANCEL && waits->header.message_id == sent->header.message_id)
                    return true;
            }
    return false;
}

static bool has_answered(const struct connection *server)
{
    return server->queue || evbuffer_get_length(server->out);
}

void client_send(struct client *client, unsigned c, uint8_t *bytes, size_t len, uint8_t *plain, size_t plain_len,
                 struct client_session *sealed_for)
{
    struct client_connection *connection = &client->connections[c];
    struct message *message = calloc(1, sizeof *message);
    CHECK(message, "there is memory");
    bool sealed = len >= 4 && !memcmp(bytes, "\xFDSMB", 4);
    bool opens = sealed_for && sealed_for->established && !sealed_for->ended && sealed_for->channels[c].on;
    message->copy = plain;
    message->sealed_for = opens ? sealed_for : NULL;
    if (!sealed || opens)
        walk(message, bytes, plain_len);
    if (clashes(connection, message)) {
        free(bytes);
        free_message(message);
        return;
    }
    struct message **end = &connection->messages;
    while (*end)
        end = &(*end)->next_message;
    *end = message;
    client->current = message;
    client->current_connection = c;
    auth_fake_forget();
    connection_receive(connection->server, bytes, len);
    CHECK(!sealed || opens || (connection->server->closing && !has_answered(connection->server)),
          "what is not rightly encrypted ends the connection");
    client_receive(client);
    client->current = NULL;
}

static void take_frame(struct client *client, unsigned c, uint8_t *frame, size_t len)
{
    struct client_session *sealed_for = NULL;
    if (len >= SEAL_LEN && !memcmp(frame, "\xFDSMB", 4)) {
        sealed_for = client_find(client, load_le64(frame + 44));
        CHECK(sealed_for && unseal(&sealed_for->keys, frame, len), "what the server encrypts, the client can read");
        frame += SEAL_LEN;
        len -= SEAL_LEN;
    }
    csign_bytes whole = {frame, len};
    size_t offset = 0, element_len = 0;
    for (;;) {
        CHECK(csign_compound_next(whole, &offset, &element_len) == CSIGN_OK, "an answer is a chain of elements");
        if (!element_len)
            break;
        client_answer(client, c, (csign_bytes){frame + offset, element_len}, element_len == len, sealed_for);
    }
    fuzz_outcome(frame, len);
}

static void receive(struct client *client, unsigned c)
{
    struct connection *server = client->connections[c].server;
    if (!server)
        return;
    connection_send(server);
    size_t len = evbuffer_get_length(server->out), at = 0;
    uint8_t *bytes = malloc(len ? len : 1);
    CHECK(bytes, "there is memory");
    evbuffer_remove(server->out, bytes, len);
    while (at < len) {
        CHECK(len - at >= TRANSPORT_LEN && !bytes[at], "frames have a transport header");
        size_t frame = (size_t)bytes[at + 1] << 16 | (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        CHECK(frame >= CSIGN_HEADER_LEN && frame <= len - at - TRANSPORT_LEN, "a frame is as long as it says");
        take_frame(client, c, bytes + at + TRANSPORT_LEN, frame);
        at += TRANSPORT_LEN + frame;
    }
    free(bytes);
}

/* The end of one connection may be news for the other. */
void client_receive(struct client *client)
{
    unsigned first = client->current_connection;
    for (bool again = true; again;) {
        again = false;
        server_settle(client->server);
        for (unsigned i = 0; i < CONNECTIONS; i++)
            receive(client, (first + i) % CONNECTIONS);
        for (unsigned c = 0; c < CONNECTIONS; c++) {
            if (client->connections[c].server && client->connections[c].server->closing) {
                client_close(client, c);
                again = true;
            }
        }
    }
    check_bounds(client);
}

void client_end(struct client *client)
{
    for (unsigned c = 0; c < CONNECTIONS; c++)
        forget(&client->connections[c]);
}
