/* SPDX-License-Identifier: Apache-2.0 */
/* A session derived from any negotiation's result, key and preauthentication hash, and a channel bound to it by any other: whether
   they exist, every field and key of them, and the NTSTATUS of a refused bind, against a second reading (session_model.h). What is refused
   is zeros; a key inside the output is refused; a copy outlives the original's wiping, which leaves zeros. Input: two
   negotiations of 4 bytes (dialect below 5 or anything, signing and cipher modulo 5 and 6, bit 0: signing was negotiated), flags
   u8, length of the session key u8, of the binding key u8, offset of a key inside the output u16, two hashes of 64 bytes, a header
   of 64, session key, binding key. */
#include "refusals.h"
#include "session_model.h"

enum {
    NO_KEY = 1,           /* the session key is a NULL pointer; its length stays */
    NO_PREAUTH = 2,       /* for the session */
    NO_BIND_PREAUTH = 4,  /* for the channel */
    KEY_INSIDE = 8,       /* the session key lies in *out */
    BIND_KEY_INSIDE = 16, /* the binding key lies in *out */
    NO_BIND_KEY = 32,
    NO_SESSION = 64,      /* the session is wiped before it is bound to */
    SAME_CONNECTION = 128 /* bind to the session's own parameters */
};

static const char refused[] = "a refused session or channel is zeros";

static model_negotiated take_negotiated(fuzz_reader *r)
{
    static const uint16_t dialects[] = {0x0202, 0x0210, 0x0300, 0x0302, 0x0311};
    uint8_t dialect = fuzz_take_u8(r);
    model_negotiated n = {.dialect = dialect < 250 ? dialects[dialect % 5] : dialect - 250u + 0x0310};
    n.signing = fuzz_take_u8(r) % 5;
    n.cipher = fuzz_take_u8(r) % 6;
    n.signing_negotiated = fuzz_take_u8(r) & 1;
    return n;
}

/* Where a key lies: inside a buffer of len bytes when inside, else where it is. */
static csign_bytes placed(csign_bytes key, bool none, bool inside, void *buffer, size_t len, size_t offset)
{
    if (none)
        return (csign_bytes){NULL, key.len};
    if (!inside || !key.len)
        return key;
    offset %= len - key.len + 1;
    memcpy((uint8_t *)buffer + offset, key.data, key.len);
    return (csign_bytes){(uint8_t *)buffer + offset, key.len};
}

/* Derives into *out and says whether there is a session. */
static bool derive(csign_session *out, model_session *expected, const model_negotiated *n, csign_bytes key,
                   const uint8_t *preauth, bool inside)
{
    csign_negotiated negotiated = model_as_negotiated(n);
    bool possible = model_negotiated_possible(n) && key.data && key.len && !inside && (preauth || n->dialect != 0x0311);
    if (possible)
        model_session_derive(expected, n, key, preauth);
    csign_status status = csign_session_derive(out, &negotiated, key, preauth);
    CHECK(status == (possible ? CSIGN_OK : CSIGN_BAD_ARGUMENT), "the sessions that exist, and no others, are derived");
    CHECK(possible || fuzz_all(out, sizeof *out, 0), refused);
    fuzz_outcome_number(status);
    return possible;
}

/* Binds and compares; expected is NULL when there is no session to bind to. */
static void bind(const csign_session *session, const model_session *expected, const model_negotiated *connection,
                 csign_bytes key, const uint8_t *preauth, csign_channel *channel, bool inside, const uint8_t header[64])
{
    uint32_t ntstatus = 0xA5A5A5A5, answer = 0xC000000D;
    csign_negotiated negotiated = model_as_negotiated(connection);
    csign_status status = CSIGN_BAD_ARGUMENT;
    if (expected && model_negotiated_possible(connection)) {
        answer = model_bind_status(&expected->negotiated, connection);
        status = answer ? CSIGN_UNSUPPORTED : CSIGN_OK;
    }
    CHECK(csign_session_bind_check(session, &negotiated, &ntstatus) == status && ntstatus == answer,
          "a bind is refused by the table, with its NTSTATUS");
    CHECK(csign_session_bind_check(session, &negotiated, NULL) == status, "the NTSTATUS is optional");
    fuzz_outcome_number(ntstatus);
    uint8_t signing[16];
    if (inside || (status == CSIGN_OK && (!key.data || !key.len || (connection->dialect == 0x0311 && !preauth))))
        status = CSIGN_BAD_ARGUMENT;
    if (status == CSIGN_OK)
        model_signing_key(signing, connection, key, preauth);
    CHECK(csign_session_bind(channel, session, &negotiated, key, preauth) == status,
          "the channels that exist, and no others, are bound");
    if (status != CSIGN_OK) {
        CHECK(fuzz_all(channel, sizeof *channel, 0), refused);
        return;
    }
    CHECK(channel->signing.len == 16 && !memcmp(channel->signing.bytes, signing, 16) &&
              fuzz_all(channel->signing.bytes + 16, 16, 0),
          "a channel's signing key is that of its own authentication");
    model_signer_check(&channel->signer, connection->signing, signing, header);
    fuzz_outcome(signing, 16);
    csign_channel_wipe(channel);
    CHECK(fuzz_all(channel, sizeof *channel, 0), "wiping leaves zeros");
}

/* Every signing algorithm and cipher, and one more of each, at the session's dialect. */
static void every_connection(const csign_session *session, const model_negotiated *own)
{
    for (uint32_t i = 0; i < 4 * 6 * 2; i++) {
        const model_negotiated n = {own->dialect, i % 4, i / 4 % 6, i / 24};
        csign_negotiated negotiated = model_as_negotiated(&n);
        csign_status expected = !model_negotiated_possible(&n)    ? CSIGN_BAD_ARGUMENT
                                : model_bind_status(own, &n) != 0 ? CSIGN_UNSUPPORTED
                                                                  : CSIGN_OK;
        CHECK(csign_session_bind_check(session, &negotiated, NULL) == expected,
              "a session is bound to what a negotiation gives and the table allows, and to nothing else");
    }
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    model_negotiated first = take_negotiated(&r), second = take_negotiated(&r);
    uint8_t flags = fuzz_take_u8(&r), preauth[64], bind_preauth[64], header[64];
    size_t key_len = fuzz_take_u8(&r), bind_key_len = fuzz_take_u8(&r), offset = fuzz_take_u16(&r);
    fuzz_take(&r, preauth, sizeof preauth);
    fuzz_take(&r, bind_preauth, sizeof bind_preauth);
    fuzz_take(&r, header, sizeof header);
    csign_bytes key = fuzz_take_view(&r, key_len), bind_key = fuzz_take_view(&r, bind_key_len);
    csign_session session, copy;
    csign_channel channel;
    model_session expected;
    memset(&session, 0xA5, sizeof session);
    memset(&channel, 0xA5, sizeof channel);

    key = placed(key, flags & NO_KEY, flags & KEY_INSIDE, &session, sizeof session, offset);
    bool inside = key.len && flags & KEY_INSIDE && !(flags & NO_KEY);
    bool exists = derive(&session, &expected, &first, key, flags & NO_PREAUTH ? NULL : preauth, inside);
    if (exists) {
        csign_negotiated negotiated = model_as_negotiated(&first);
        model_session_check(&session, &expected, header);
        every_connection(&session, &first);
        refusals_session(&session, &negotiated, key, flags & NO_PREAUTH ? NULL : preauth);
    }
    copy = session;
    if (flags & NO_SESSION || !exists) {
        csign_session_wipe(&copy);
        exists = false;
    }
    bind_key = placed(bind_key, flags & NO_BIND_KEY, flags & BIND_KEY_INSIDE, &channel, sizeof channel, offset);
    inside = bind_key.len && flags & BIND_KEY_INSIDE && !(flags & NO_BIND_KEY);
    csign_session_wipe(&session);
    CHECK(fuzz_all(&session, sizeof session, 0), "wiping leaves zeros");
    bind(&copy, exists ? &expected : NULL, flags & SAME_CONNECTION ? &first : &second, bind_key,
         flags & NO_BIND_PREAUTH ? NULL : bind_preauth, &channel, inside, header);
    if (exists)
        model_session_check(&copy, &expected, header); /* binding leaves the session as it was */
}

const fuzz_target fuzz_this = {"session_keys", NULL, one};
