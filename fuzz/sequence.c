/* SPDX-License-Identifier: Apache-2.0 */
/* Sequences of calls: two connections, three session setups in flight, three sessions and two bound channels, on the library and on
   a model that keeps plain byte strings: the messages each setup has hashed, the keys each session has. After every operation
   everything that is alive is compared, touched by it or not, and everything else is zeros. Input: operations of two bytes, what (modulo
   12) and which (three slots of two bits), and what run() reads for each. MS-SMB2 3.1.4.2, 3.2.5.3, 3.3.5.5. */
#include <stdlib.h>

#include "connect.h"
#include "sequence_model.h"
#include "sign_model.h"

enum operation {
    CONNECT,        /* offer 4 bytes: a connection, or another in its place, which ends the setups on it */
    START,          /* a setup on a connection: its chain is a copy of the connection's */
    MESSAGE,        /* length u8, message, cut u16: one more message of a setup, in two parts */
    FINISH,         /* length u8, key: a setup becomes a session */
    FAIL,           /* a setup is given up */
    BIND,           /* length u8, key: a setup binds its connection to a session and becomes a channel */
    REAUTHENTICATE, /* a setup ends and its session goes on with the keys it has */
    WIPE,           /* a session, or a channel */
    COPY,           /* a session, by assignment */
    SIGN,           /* header fields 6 bytes, length u8, body: with a session's signer or a channel's */
    VERIFY,         /* likewise, signed by one and verified by another, then turned bit u8 (0: none) */
    CONFUSE,        /* start a setup and a message of each of two setups on one connection, in turn */
    OPERATIONS
};

enum { STEPS_MAX = 40 };

static csign_bytes take_message(fuzz_reader *r)
{
    size_t len = fuzz_take_u8(r);
    return fuzz_take_view(r, len);
}

static void connect(world *w, unsigned c, fuzz_reader *r)
{
    connect_offer offer = {.dialect = fuzz_take_u8(r), .signing = fuzz_take_u8(r), .ciphers = fuzz_take_u8(r)};
    connect_messages m;
    model_negotiated expected;
    offer.salt = fuzz_take_u8(r);
    connect_expected(&expected, &offer);
    connection *to = &w->connections[c];
    to->negotiated = connect_negotiate(&m, &offer);
    to->expected = expected;
    to->alive = true;
    CHECK((uint32_t)to->negotiated.dialect == expected.dialect &&
              (uint32_t)to->negotiated.signing_algorithm == expected.signing &&
              (uint32_t)to->negotiated.cipher == expected.cipher &&
              to->negotiated.signing_negotiated == expected.signing_negotiated,
          "what is agreed on is the client's first offer that exists");
    csign_preauth_init(&to->chain);
    csign_preauth_update(&to->chain, (csign_bytes){m.request, m.request_len});
    csign_preauth_update(&to->chain, (csign_bytes){m.response, m.response_len});
    to->messages.count = 0;
    hashed_add(&to->messages, w, (csign_bytes){m.request, m.request_len});
    hashed_add(&to->messages, w, (csign_bytes){m.response, m.response_len});
    for (unsigned s = 0; s < SETUPS; s++)
        w->setups[s].alive &= w->setups[s].connection != c;
}

static void start(world *w, unsigned s, unsigned c)
{
    if (!w->connections[c].alive)
        return;
    w->setups[s] = (setup){
        .alive = true, .connection = c, .chain = w->connections[c].chain, .messages = w->connections[c].messages};
}

static void message(world *w, unsigned s, csign_bytes text, uint16_t cut)
{
    setup *to = &w->setups[s];
    csign_bytes parts[2];
    if (!to->alive || to->messages.count == HASHED_MAX)
        return;
    fuzz_cut(parts, 2, text, &cut);
    if (cut & 1)
        csign_preauth_update_parts(&to->chain, parts, 2);
    else
        csign_preauth_update(&to->chain, text);
    hashed_add(&to->messages, w, text);
}

static void finish(world *w, unsigned s, unsigned to, csign_bytes key)
{
    setup *from = &w->setups[s];
    session *out = &w->sessions[to];
    if (!from->alive)
        return;
    const connection *c = &w->connections[from->connection];
    csign_status status = csign_session_derive(&out->library, &c->negotiated, key, from->chain.value);
    CHECK(status == (key.len ? CSIGN_OK : CSIGN_BAD_ARGUMENT), "a setup with a key becomes a session");
    from->alive = false;
    out->alive = status == CSIGN_OK;
    if (out->alive) {
        uint8_t hash[64];
        hashed_value(hash, &from->messages, w);
        model_session_derive(&out->expected, &c->expected, key, hash);
    }
}

static void bind(world *w, unsigned s, unsigned which, unsigned to, csign_bytes key)
{
    setup *from = &w->setups[s];
    session *first = &w->sessions[which];
    channel *out = &w->channels[to];
    if (!from->alive)
        return;
    const connection *c = &w->connections[from->connection];
    uint32_t ntstatus = 0xC000000D, answer;
    csign_status expected = CSIGN_BAD_ARGUMENT;
    if (first->alive) {
        ntstatus = model_bind_status(&first->expected.negotiated, &c->expected);
        expected = ntstatus ? CSIGN_UNSUPPORTED : CSIGN_OK;
    }
    CHECK(csign_session_bind_check(&first->library, &c->negotiated, &answer) == expected && answer == ntstatus,
          "a bind is refused by the table, with its NTSTATUS");
    if (expected == CSIGN_OK && !key.len)
        expected = CSIGN_BAD_ARGUMENT;
    csign_status status = csign_session_bind(&out->library, &first->library, &c->negotiated, key, from->chain.value);
    CHECK(status == expected, "a setup becomes a channel by the table");
    from->alive = false;
    out->alive = status == CSIGN_OK;
    if (out->alive) {
        uint8_t hash[64];
        hashed_value(hash, &from->messages, w);
        out->algorithm = c->expected.signing;
        model_signing_key(out->key, &c->expected, key, hash);
    }
}

static void wipe(world *w, unsigned s, unsigned c, bool is_channel)
{
    if (is_channel) {
        csign_channel_wipe(&w->channels[c].library);
        w->channels[c].alive = false;
    } else {
        csign_session_wipe(&w->sessions[s].library);
        w->sessions[s].alive = false;
    }
}

/* The signer of a slot: sessions first, then channels. */
static const csign_signer *signer_of(world *w, unsigned slot, const uint8_t **key, csign_signing_algorithm *algorithm,
                                     bool *alive)
{
    if (slot < SESSIONS) {
        session *s = &w->sessions[slot];
        *key = s->expected.keys[0].bytes;
        *algorithm = (csign_signing_algorithm)s->expected.negotiated.signing;
        *alive = s->alive;
        return &s->library.signer;
    }
    channel *c = &w->channels[slot - SESSIONS];
    *key = c->key;
    *algorithm = (csign_signing_algorithm)c->algorithm;
    *alive = c->alive;
    return &c->library.signer;
}

/* A message with a header: command, flags (bits 0..3), MessageId, SessionId, Status, NextCommand as small numbers. */
static uint8_t *take_element(fuzz_reader *r, size_t *len)
{
    uint8_t fields[6], header[64] = {0xFE, 'S', 'M', 'B', 64};
    fuzz_take(r, fields, sizeof fields);
    header[8] = fields[4] & 1 ? 3 : 0;
    header[9] = fields[4] & 1;
    header[12] = fields[0] % 0x14;
    header[16] = fields[1] & 0x7F;
    memset(header + 24, fields[2] == 0xFF ? 0xFF : 0, 8);
    header[24] = fields[2];
    header[40] = fields[3];
    header[20] = fields[5] & 1 ? 64 : 0;
    csign_bytes body = take_message(r);
    uint8_t *element = malloc(64 + body.len);
    if (!element)
        abort();
    memcpy(element, header, 64);
    if (body.len)
        memcpy(element + 64, body.data, body.len);
    *len = 64 + body.len;
    return element;
}

static void sign(world *w, unsigned slot, fuzz_reader *r)
{
    size_t len;
    uint8_t *element = take_element(r, &len), tag[16];
    const uint8_t *key;
    csign_signing_algorithm algorithm;
    bool alive;
    const csign_signer *signer = signer_of(w, slot, &key, &algorithm, &alive);
    uint8_t *expected = fuzz_copy((csign_bytes){element, len});
    csign_status rule = alive ? model_sign(algorithm, (csign_bytes){element, len}) : CSIGN_BAD_ARGUMENT;
    if (rule == CSIGN_OK) {
        model_mac(tag, algorithm, key, (csign_bytes){element, len});
        expected[16] |= 8;
        memcpy(expected + 48, tag, 16);
    }
    CHECK(csign_sign(signer, element, len) == rule, "a message is signed or refused by the rules, never without a key");
    CHECK(!memcmp(element, expected, len), "a message is signed with its session's or channel's key");
    fuzz_outcome(element, 64);
    free(element);
    free(expected);
}

static void verify(world *w, unsigned by, unsigned with, fuzz_reader *r)
{
    size_t len;
    uint8_t *element = take_element(r, &len), turn = fuzz_take_u8(r), tag[16];
    const uint8_t *key;
    csign_signing_algorithm algorithm;
    bool alive;
    signer_of(w, by, &key, &algorithm, &alive);
    if (alive) {
        element[16] |= 8;
        model_mac(element + 48, algorithm, key, (csign_bytes){element, len});
    }
    element[48 + (turn >> 3) % 16] ^= (uint8_t)(turn ? 1u << (turn & 7) : 0);
    const csign_signer *signer = signer_of(w, with, &key, &algorithm, &alive);
    csign_status expected = alive ? model_verify((csign_bytes){element, len}) : CSIGN_BAD_ARGUMENT;
    if (expected == CSIGN_OK) {
        model_mac(tag, algorithm, key, (csign_bytes){element, len});
        expected = memcmp(tag, element + 48, 16) ? CSIGN_BAD_SIGNATURE : CSIGN_OK;
    }
    CHECK(csign_verify(signer, element, len) == expected,
          "a message verifies if and only if the signature is that of the verifier's key, and by the rules");
    fuzz_outcome_number(expected);
    free(element);
}

static void confuse(world *w, unsigned a, unsigned b, unsigned c, fuzz_reader *r)
{
    csign_bytes first = take_message(r), second = take_message(r);
    start(w, a, c);
    if (a != b)
        start(w, b, c);
    message(w, a, first, 0);
    message(w, b, second, 1);
    message(w, a, second, 3);
}

static void run(world *w, fuzz_reader *r)
{
    uint8_t what = fuzz_take_u8(r) % OPERATIONS, which = fuzz_take_u8(r);
    unsigned a = which & 3, b = which >> 2 & 3, c = which >> 4 & 3, slot = which % (SESSIONS + CHANNELS);
    csign_bytes text;
    switch ((enum operation)what) {
    case CONNECT:
        connect(w, a % CONNECTIONS, r);
        break;
    case START:
        start(w, a % SETUPS, b % CONNECTIONS);
        break;
    case MESSAGE:
        text = take_message(r);
        message(w, a % SETUPS, text, fuzz_take_u16(r));
        break;
    case FINISH:
        finish(w, a % SETUPS, b % SESSIONS, take_message(r));
        break;
    case FAIL:
    case REAUTHENTICATE: /* both end the setup and keep every session: that nothing changes is what is compared */
        w->setups[a % SETUPS].alive = false;
        break;
    case BIND:
        bind(w, a % SETUPS, b % SESSIONS, c % CHANNELS, take_message(r));
        break;
    case WIPE:
        wipe(w, a % SESSIONS, b % CHANNELS, c & 1);
        break;
    case COPY:
        w->sessions[b % SESSIONS] = w->sessions[a % SESSIONS];
        break;
    case SIGN:
        sign(w, slot, r);
        break;
    case VERIFY:
        verify(w, slot, fuzz_take_u8(r) % (SESSIONS + CHANNELS), r);
        break;
    case CONFUSE:
        confuse(w, a % SETUPS, b % SETUPS, c % CONNECTIONS, r);
        break;
    case OPERATIONS:
        break;
    }
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    world *w = world_new();
    fuzz_too_short(!size);
    for (size_t step = 0; step < STEPS_MAX && r.left; step++) {
        run(w, &r);
        world_check(w);
    }
    world_free(w);
}

const fuzz_target fuzz_this = {"sequence", NULL, one};
