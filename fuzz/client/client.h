/* SPDX-License-Identifier: Apache-2.0 */
/* The client that the target plays: two connections to one server, the sessions on them, with keys of its own that it derives from the messages
   it sent and got. It knows which of its messages are rightly signed or encrypted, and holds every answer against that. */
#ifndef FUZZ_CLIENT_CLIENT_H
#define FUZZ_CLIENT_CLIENT_H

#include <countersign/countersign.h>

#include "interop/server/connection.h"
#include "interop/server/setup.h"

#define CONNECTIONS 2
#define SESSIONS 160
#define SETUPS (MAX_SETUPS + 1)
#define SLOTS 16

struct client_session {
    uint64_t id;
    bool established, guest, anonymous, ended;
    bool signing_required, encryption_required;
    char user[256];
    csign_session keys; /* of the first authentication, for good */
    bool unknowable;    /* made by an odd SESSION_SETUP, and gone before the client could take the keys over */
    uint64_t nonce;
    struct {
        bool on;
        csign_signer signer;
    } channels[CONNECTIONS];
};

/* An element that was sent. */
struct sent {
    csign_bytes element; /* in the message's own copy */
    const uint8_t *at;   /* where the server has it */
    csign_header header;
    bool answered, looked_at;
    /* As of when the server came to it. */
    struct client_session *session; /* of this connection; NULL: there is none */
    bool authentic;
};

/* A message that was sent: the chain of its elements. */
struct message {
    uint8_t *copy;
    struct sent *elements;
    size_t count, next; /* the server has come to those before next */
    uint64_t session_id;
    bool inheritable;
    struct client_session *sealed_for; /* rightly encrypted for it */
    struct message *next_message;
};

struct client_setup {
    uint64_t session_id;
    bool binding, odd;
    csign_preauth chain;
};

struct client_connection {
    struct connection *server; /* NULL: closed */
    csign_preauth chain;
    bool negotiated,
        odd; /* odd: compounded, so that the client does not know what was hashed, and takes the server's keys for right */
    csign_negotiated chosen;
    uint16_t security_mode;
    struct client_setup setups[SETUPS];
    size_t setup_count;
    struct message *messages;
};

struct client {
    struct server *server;
    struct client_connection connections[CONNECTIONS];
    struct client_session sessions[SESSIONS];
    size_t session_count;
    uint32_t trees[SLOTS];
    uint8_t files[SLOTS][16];
    size_t tree_count, file_count;
    struct message *current; /* what is being served */
    unsigned current_connection;
};

struct client_session *client_find(struct client *client, uint64_t id);
struct client_session *client_slot(struct client *client, unsigned slot); /* NULL: none yet */
bool client_has_keys(const struct client_session *session);
void client_connect(struct client *client, unsigned c);
void client_close(struct client *client, unsigned c);
/* client_send hands a message over: len bytes at bytes, which malloc gave; a sealed one has plain, its own copy before it was sealed. */
void client_send(struct client *client, unsigned c, uint8_t *bytes, size_t len, uint8_t *plain, size_t plain_len,
                 struct client_session *sealed_for);
/* client_receive takes what the server has sent on all connections, and checks it. */
void client_receive(struct client *client);
void client_end(struct client *client);

/* answer.c: one element of an answer. sealed_for: it was encrypted for that session. */
void client_answer(struct client *client, unsigned c, csign_bytes element, bool alone,
                   const struct client_session *sealed_for);
/* setup.c: what an answer to SESSION_SETUP or NEGOTIATE makes of the client's state. */
void client_negotiated(struct client *client, unsigned c, const struct sent *sent, csign_bytes element, bool alone);
void client_set_up(struct client *client, unsigned c, const struct sent *sent, csign_bytes element, bool alone);
/* bounds.c: the server's own state. */
void check_bounds(const struct client *client);

#endif
