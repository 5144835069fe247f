/* SPDX-License-Identifier: Apache-2.0 */
/* The server's connections without sockets: two at once, messages of which the input says how they are filled in, signed and encrypted. Input: two
   bytes of settings, then operations of what u8, length u16 and data:

     MESSAGE  (0; 1: on the other connection) data: how it is encrypted u8, for which session u8; elements of fill u8, session u8, tree u8,
              file u8, sign u8, bit u8, length u16 and bytes from the header on
     RAW      (2, 3) data is the message
     CLOSE    (4, 5) the connection closes; the next message opens another
     TIME_OUT (6) every oplock break that is waited for times out

   Sessions, tree connects and opens are named by the order in which the client learned of them, so that whatever changes in an input,
   what follows can still be meant. */
#include <event2/event.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#include "fuzz.h"
#include "interop/server/octets.h"
#include "interop/server/open.h"
#include "interop/server/tree.h"
#include "client/client.h"
#include "client/determined.h"
#include "client/seal.h"

enum { MESSAGE, MESSAGE_2, RAW, RAW_2, CLOSE, CLOSE_2, TIME_OUT, OPERATIONS };
enum { OPERATIONS_MAX = 64, SIGNATURE_AT = 48 };
enum { SHARE_LEFT = 1 << 20 }; /* the share is nearly full: that it is gets tried, and inputs stay quick and small */
#define NEVER_OVER (INT64_MAX / 2) /* a turn that no clock ends */

enum fill { MESSAGE_ID = 1, SESSION_ID = 2, TREE_ID = 4, FILE_ID = 8, SHAPE = 16, PREVIOUS = 32, BY_ASYNC_ID = 64 };
enum signature { AS_IS, RIGHT, FLIPPED, SESSIONS_OWN, ANOTHERS, UNFLAGGED, SIGNATURES };
enum encryption { PLAIN, SEALED, SEALED_FLIPPED, SEALED_AS_ANOTHER, ENCRYPTIONS };

/* ---- a message ---- */

struct control {
    uint8_t fill, session, tree, file, sign, bit;
};

/* Where the FileId stands in the body, by command; 0: nowhere. */
static const uint8_t FILE_AT[] = {
    [6] = 8, [7] = 8, [8] = 16, [9] = 16, [10] = 8, [11] = 8, [14] = 8, [15] = 8, [16] = 24, [17] = 16, [18] = 8};

static uint64_t next_id(const struct client *client, unsigned c, const uint8_t *message, size_t len)
{
    uint64_t id = client->connections[c].server->credits.low;
    csign_bytes before = {message, len};
    size_t offset = 0, element_len = 0;
    while (len && csign_compound_next(before, &offset, &element_len) == CSIGN_OK && element_len) {
        unsigned charge = load_le16(message + offset + 6);
        if (load_le16(message + offset + 12) != CSIGN_COMMAND_CANCEL)
            id += charge && client->connections[c].chosen.dialect >= CSIGN_SMB_2_1 ? charge : 1;
    }
    return id;
}

static void name_deferred(const struct client *client, unsigned c, const struct control *control, uint8_t *header)
{
    unsigned n = 0, wanted = control->file;
    const struct connection *connection = client->connections[c].server;
    const struct chain *chain;
    DL_FOREACH(connection->deferred, chain)
    {
        if (n++ != wanted % connection->deferred_count)
            continue;
        store_le64(header + 24, chain->request.header.message_id);
        if (control->fill & BY_ASYNC_ID) {
            store_le32(header + 16, load_le32(header + 16) | CSIGN_FLAG_ASYNC);
            store_le64(header + 32, chain->request.async_id);
        }
    }
}

static void fill(struct client *client, unsigned c, const struct control *control, uint8_t *element, size_t len,
                 uint64_t id)
{
    const struct client_session *session = client_slot(client, control->session);
    unsigned command = load_le16(element + 12);
    if (control->fill & SHAPE) {
        memcpy(element, "\xFESMB\x40", 6);
        store_le32(element + 20, 0);
    }
    if (control->fill & SESSION_ID)
        store_le64(element + 40, session ? session->id : 0);
    if (control->fill & TREE_ID && client->tree_count)
        store_le32(element + 36,
                   client->trees[control->tree % (client->tree_count < SLOTS ? client->tree_count : SLOTS)]);
    if (control->fill & MESSAGE_ID)
        store_le64(element + 24, id);
    if (command == CSIGN_COMMAND_CANCEL && control->fill & MESSAGE_ID)
        name_deferred(client, c, control, element);
    size_t at = command < sizeof FILE_AT && FILE_AT[command] ? CSIGN_HEADER_LEN + FILE_AT[command] : 0;
    if (control->fill & FILE_ID && at && at + 16 <= len && client->file_count)
        memcpy(element + at, client->files[control->file % (client->file_count < SLOTS ? client->file_count : SLOTS)],
               16);
    const struct client_session *previous = client_slot(client, control->file);
    if (control->fill & PREVIOUS && command == CSIGN_COMMAND_SESSION_SETUP && len >= CSIGN_HEADER_LEN + 24 && previous)
        store_le64(element + CSIGN_HEADER_LEN + 16, previous->id);
}

static void sign(struct client *client, unsigned c, const struct control *control, uint8_t *element, size_t len)
{
    const struct client_session *session = client_slot(client, control->session);
    const struct client_session *another = client_slot(client, control->session + 1u);
    enum signature how = control->sign % SIGNATURES;
    if (how == AS_IS || !session)
        return;
    const csign_signer *signer = how == ANOTHERS                                   ? &another->keys.signer
                                 : how == SESSIONS_OWN || !session->channels[c].on ? &session->keys.signer
                                                                                   : &session->channels[c].signer;
    csign_sign(signer, element, len); /* what may not be signed goes as it is */
    if (how == FLIPPED)
        element[(SIGNATURE_AT + control->bit / 8u) % len] ^=
            (uint8_t)(1u << control->bit % 8); /* of the signature or the body */
    if (how == UNFLAGGED)
        store_le32(element + 16, load_le32(element + 16) & ~CSIGN_FLAG_SIGNED);
}

struct draft {
    uint8_t *bytes; /* room for a TRANSFORM in front */
    size_t len;
};

/* One more element; false: none is left. */
static bool add_element(struct client *client, unsigned c, struct draft *draft, fuzz_reader *data)
{
    struct control control;
    if (data->left < sizeof control + 2)
        return false;
    fuzz_take(data, (uint8_t *)&control, sizeof control);
    csign_bytes given = fuzz_take_view(data, fuzz_take_u16(data));
    size_t len = given.len < CSIGN_HEADER_LEN ? CSIGN_HEADER_LEN : given.len;
    bool last = data->left < sizeof control + 2, shape = control.fill & SHAPE;
    size_t padded = shape && !last ? (len + 7) & ~(size_t)7 : len;
    uint8_t *bytes = realloc(draft->bytes, SEAL_LEN + draft->len + padded);
    CHECK(bytes, "there is memory");
    draft->bytes = bytes;
    uint8_t *message = bytes + SEAL_LEN, *element = message + draft->len;
    memset(element, 0, padded);
    if (given.len)
        memcpy(element, given.data, given.len);
    fill(client, c, &control, element, len, next_id(client, c, message, draft->len));
    if (shape && !last)
        store_le32(element + 20, (uint32_t)padded);
    sign(client, c, &control, element, padded);
    draft->len += padded;
    return true;
}

static uint8_t *copy_of(const uint8_t *bytes, size_t len)
{
    return fuzz_copy((csign_bytes){bytes, len});
}

static void send_message(struct client *client, unsigned c, fuzz_reader *data)
{
    enum encryption how = fuzz_take_u8(data) % ENCRYPTIONS;
    uint8_t slot = fuzz_take_u8(data);
    struct draft draft = {malloc(SEAL_LEN), 0};
    CHECK(draft.bytes, "there is memory");
    while (add_element(client, c, &draft, data))
        continue;
    uint8_t *plain = copy_of(draft.bytes + SEAL_LEN, draft.len), *bytes = NULL;
    struct client_session *session = client_slot(client, slot);
    size_t len = draft.len;
    if (how && session) {
        const struct client_session *named = how == SEALED_AS_ANOTHER ? client_slot(client, slot + 1u) : session;
        bool sealed = seal(&session->keys, named->id, ++session->nonce, draft.bytes, draft.len);
        if (how == SEALED_FLIPPED)
            draft.bytes[4 + slot % 48] ^= 1; /* of Signature, Nonce, size, flags or SessionId */
        /* Below 3.1.1 two sessions with one session key have the same keys. */
        if (named != session &&
            !memcmp(&named->keys.client_to_server, &session->keys.client_to_server, sizeof(csign_key)))
            session = client_find(client, named->id);
        if (!sealed || how == SEALED_FLIPPED || named != session)
            session = NULL;
        len += SEAL_LEN;
        bytes = copy_of(draft.bytes, len);
    } else {
        session = NULL;
        bytes = copy_of(draft.bytes + SEAL_LEN, len);
    }
    free(draft.bytes);
    client_send(client, c, bytes, len, plain, draft.len, session);
}

static void send_raw(struct client *client, unsigned c, csign_bytes data)
{
    client_send(client, c, fuzz_copy(data), data.len, fuzz_copy(data), data.len, NULL);
}

/* ---- the operations ---- */

static void time_out(struct client *client)
{
    const struct session *session;
    for (session = client->server->sessions; session; session = session->hh.next) {
        const struct tree *tree;
        const struct open *open;
        DL_FOREACH(session->trees, tree)
        {
            DL_FOREACH(tree->opens, open)
            if (open->break_timer)
                event_active(open->break_timer, EV_TIMEOUT, 1);
        }
    }
    event_base_loop(client->server->base, EVLOOP_NONBLOCK);
    client->server->turn_began = NEVER_OVER;
    client_receive(client);
}

static void operate(struct client *client, unsigned what, csign_bytes bytes)
{
    unsigned c = what & 1;
    fuzz_reader data = {bytes.data, bytes.len};
    if (what == TIME_OUT) {
        time_out(client);
        return;
    }
    if (what == CLOSE || what == CLOSE_2) {
        client_close(client, c);
        client_receive(client);
        return;
    }
    if (!client->connections[c].server)
        client_connect(client, c);
    if (what == RAW || what == RAW_2)
        send_raw(client, c, bytes);
    else
        send_message(client, c, &data);
}

static struct event_base *base;

static void start(void)
{
    base = event_base_new();
    CHECK(base, "there is an event loop");
    for (int i = CSIGN_AES_128_CCM; i <= CSIGN_AES_256_GCM; i++) { /* the crypto library keeps what it looks up */
        uint8_t message[SEAL_LEN + 1];
        csign_session keys = {.cipher = (csign_cipher)i, .client_to_server = {.len = 16}};
        seal(&keys, 1, 1, message, 1);
    }
}

static struct settings settings_of(uint8_t flags, uint8_t policy)
{
    static const csign_dialect DIALECTS[] = {CSIGN_SMB_3_1_1, CSIGN_SMB_3_0_2, CSIGN_SMB_3_0, CSIGN_SMB_2_1,
                                             CSIGN_SMB_2_0_2};
    struct settings settings = {.share_name = "share",
                                .quiet = true,
                                .max_connections = 16,
                                .signing_required = !(flags & 1),
                                .encryption_required = flags & 2,
                                .guests = flags & 4,
                                .debug_keys = flags & 16};
    csign_negotiate_policy_init(&settings.policy);
    settings.policy.peer_order = flags & 8;
    settings.policy.dialect_max = DIALECTS[policy % 5];
    return settings;
}

static void one(const uint8_t *input, size_t size)
{
    static struct client client;
    fuzz_reader r = {input, size};
    uint8_t flags = fuzz_take_u8(&r);
    const struct settings settings = settings_of(flags, fuzz_take_u8(&r));
    struct server server;
    determined_begin(size);
    CHECK(server_init(&server, &settings, base), "there is memory");
    server.share->used = MAX_SHARE - SHARE_LEFT;
    server.start_time = DETERMINED_TIME;
    server.turn_began = NEVER_OVER;
    client.server = &server;
    for (unsigned n = 0; n < OPERATIONS_MAX && r.left && client.session_count <= SESSIONS - MAX_ELEMENTS; n++) {
        unsigned what = fuzz_take_u8(&r) % OPERATIONS;
        operate(&client, what, fuzz_take_view(&r, fuzz_take_u16(&r)));
    }
    server_end(&server);
    client_end(&client);
    client.session_count = client.tree_count = client.file_count = 0;
    memset(client.connections, 0, sizeof client.connections);
}

const fuzz_target fuzz_this = {.name = "server", .start = start, .one = one};
