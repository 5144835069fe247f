/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a context into a message of our own making, parses it, and wants every value of all contexts, every view's place and the
   first error with its place to be what a naive reading gives; then encodes what was parsed and wants the message whose context is
   canonical. */
#include "context_target.h"

#include <stdlib.h>

#include "wrap.h"

enum { PREAUTH = 0x0001, SIGNING = 0x0008 };

typedef enum arrangement {
    BEHIND,         /* behind another context: PREAUTH, or for that type SIGNING */
    BEFORE,         /* before it */
    ALONE,          /* so that PREAUTH may be missing */
    TWICE,          /* behind it, twice */
    BEHIND_UNKNOWN, /* behind it and one of an unknown type */
    SLACK,          /* behind it, with bytes behind the last context */
    CUT,            /* behind it, the message's last byte missing */
    MISCOUNTED,     /* behind it, counted as one more */
    BURIED,         /* behind it, in a response under the security buffer */
    BELOW_3_1_1,    /* behind it, in a dialect that has no contexts */
    ARRANGEMENTS
} arrangement;

static const uint8_t preauth_data[] = {1, 0, 3, 0, 1, 0, 'a', 'b', 'c'}, signing_data[] = {1, 0, 2, 0}, unknown_data[3];

/* A message and what is expected of it. */
typedef struct scene {
    const context_subject *subject;
    arrangement arrangement;
    wrap_message wrap;
    wrap_context contexts[WRAP_CONTEXTS];
    size_t at[WRAP_CONTEXTS];
    csign_bytes message;
    csign_negotiate_contexts expected;
} scene;

csign_status context_judge_list(csign_bytes data, size_t fixed)
{
    if (data.len < fixed)
        return CSIGN_TRUNCATED;
    if (!context_ids(data))
        return CSIGN_MALFORMED;
    return fixed + 2 * context_ids(data) > data.len ? CSIGN_TRUNCATED : CSIGN_OK;
}

size_t context_ids(csign_bytes data)
{
    return fuzz_le(data.data, 2);
}

static wrap_context companion(const scene *s)
{
    return s->subject->type == PREAUTH ? (wrap_context){SIGNING, {signing_data, sizeof signing_data}}
                                       : (wrap_context){PREAUTH, {preauth_data, sizeof preauth_data}};
}

static void add(scene *s, wrap_context context)
{
    s->contexts[s->wrap.context_count++] = context;
}

static void arrange(scene *s, csign_bytes data)
{
    wrap_context subject = {s->subject->type, data};
    wrap_context unknown = {s->subject->type | 0x0020, {unknown_data, sizeof unknown_data}};
    s->wrap.contexts = s->contexts;
    if (s->arrangement != ALONE && s->arrangement != BEFORE)
        add(s, companion(s));
    if (s->arrangement == BEHIND_UNKNOWN)
        add(s, unknown);
    add(s, subject);
    if (s->arrangement == TWICE)
        add(s, subject);
    if (s->arrangement == BEFORE)
        add(s, companion(s));
}

/* The message is a heap block of exactly its size, so that every byte read behind it is seen. */
static void build(scene *s)
{
    csign_bytes made = wrap_negotiate(&s->wrap, s->at);
    size_t len = s->arrangement == CUT ? made.len - 1 : s->arrangement == SLACK ? made.len + 9 : made.len;
    uint8_t *m = realloc((void *)(uintptr_t)made.data, len);
    if (!m)
        abort();
    if (len > made.len)
        memset(m + made.len, 0xA5, len - made.len);
    if (s->arrangement == MISCOUNTED)
        m[s->wrap.response ? 70 : 96]++;
    if (s->arrangement == BURIED && s->wrap.response) {
        memset(m + 120, 0, 4);
        m[120] = (uint8_t)(s->at[1] + 7); /* the last byte of the header of the subject */
        m[122] = 1;
    }
    s->message = (csign_bytes){m, len};
}

static void note(scene *s, csign_status status, size_t offset)
{
    if (s->expected.contexts_status == CSIGN_OK && status != CSIGN_OK) {
        s->expected.contexts_status = status;
        s->expected.contexts_error_offset = offset;
    }
}

static void expect_companion(scene *s, csign_bytes data)
{
    if (s->subject->type == PREAUTH) {
        s->expected.has_signing = true;
        s->expected.signing_algorithms = (csign_u16_list){data.data + 2, 1};
    } else {
        s->expected.has_preauth = true;
        s->expected.preauth_hashes = (csign_u16_list){data.data + 4, 1};
        s->expected.preauth_salt = (csign_bytes){data.data + 6, 3};
    }
}

static void expect_subject(scene *s, csign_bytes data, bool again, size_t offset)
{
    const context_subject *subject = s->subject;
    if (again) {
        note(s, subject->may_repeat && !s->wrap.response ? CSIGN_OK : CSIGN_DUPLICATE_CONTEXT, offset);
        return;
    }
    csign_status status = subject->judge(data, s->wrap.response);
    if (subject->own_status)
        *subject->own_status(&s->expected) = status;
    if (!subject->own_status || s->wrap.response)
        note(s, status, offset);
    if (status == CSIGN_OK)
        subject->expect(&s->expected, data);
}

static void expect(scene *s)
{
    size_t end = 0;
    bool seen = false;
    if (s->arrangement == BELOW_3_1_1)
        return;
    for (size_t i = 0; i < s->wrap.context_count; i++) {
        csign_bytes data = {s->message.data + s->at[i] + 8, s->contexts[i].data.len};
        end = s->at[i] + 8 + data.len;
        if (end > s->message.len) {
            note(s, CSIGN_TRUNCATED, s->at[i]);
            return;
        }
        if (s->arrangement == BURIED && s->wrap.response && i == 1)
            note(s, CSIGN_MALFORMED, s->at[i]);
        if (s->contexts[i].type == companion(s).type)
            expect_companion(s, data);
        if (s->contexts[i].type == s->subject->type) {
            expect_subject(s, data, seen, s->at[i]);
            seen = true;
        }
    }
    if (s->arrangement == MISCOUNTED)
        note(s, CSIGN_TRUNCATED, (end + 7) / 8 * 8);
    if (!s->expected.has_preauth)
        note(s, CSIGN_MISSING_CONTEXT, s->at[0]);
}

enum { PLACES = 8 };

static void places(csign_bytes out[PLACES], const csign_negotiate_contexts *c)
{
    const csign_u16_list lists[] = {c->preauth_hashes, c->ciphers, c->compression_algorithms, c->rdma_transforms,
                                    c->signing_algorithms};
    for (size_t i = 0; i < 5; i++)
        out[i] = (csign_bytes){lists[i].data, lists[i].count};
    out[5] = c->preauth_salt;
    out[6] = c->netname;
    out[7] = c->posix;
}

static void compare(const csign_negotiate_contexts *c, const csign_negotiate_contexts *e)
{
    csign_bytes found[PLACES], wanted[PLACES];
    CHECK(c->has_preauth == e->has_preauth && c->has_encryption == e->has_encryption &&
              c->has_compression == e->has_compression && c->has_netname == e->has_netname &&
              c->has_transport == e->has_transport && c->has_rdma == e->has_rdma && c->has_signing == e->has_signing &&
              c->has_posix == e->has_posix,
          "a context is there if and only if MS-SMB2 takes it");
    CHECK(c->compression_status == e->compression_status && c->transport_status == e->transport_status &&
              c->rdma_status == e->rdma_status,
          "an optional context is taken or refused as MS-SMB2 says");
    CHECK(c->contexts_status == e->contexts_status, "contexts are taken or refused as MS-SMB2 says");
    CHECK(c->contexts_error_offset == e->contexts_error_offset, "the first error is where its context is");
    CHECK(c->compression_flags == e->compression_flags && c->transport_flags == e->transport_flags,
          "flags are those of the context");
    places(found, c);
    places(wanted, e);
    for (size_t i = 0; i < PLACES; i++)
        CHECK(found[i].len == wanted[i].len && (!found[i].len || found[i].data == wanted[i].data),
              "lists and views are where they are in the context");
}

/* What the encoder must give: the same contexts, canonical, ascending by type. */
static csign_bytes canonical(const scene *s, csign_bytes data)
{
    const context_subject *subject = s->subject;
    wrap_message wrap = s->wrap;
    wrap_context contexts[2] = {companion(s), companion(s)};
    size_t at[WRAP_CONTEXTS], mine = subject->type > contexts[0].type;
    bool left_out = subject->own_status && subject->judge(data, s->wrap.response) != CSIGN_OK;
    bool alone = s->arrangement == ALONE;
    uint8_t *copy = malloc(data.len ? data.len : 1);
    if (!copy)
        abort();
    if (data.len)
        memcpy(copy, data.data, data.len);
    contexts[mine] = (wrap_context){subject->type, {copy, data.len}};
    if (subject->canonical && !left_out)
        contexts[mine].data.len = subject->canonical(copy, data);
    wrap.contexts = alone ? contexts + mine : left_out ? contexts + 1 - mine : contexts;
    wrap.context_count = alone || left_out ? 1 : 2;
    wrap.padding = 0;
    csign_bytes message = wrap_negotiate(&wrap, at);
    free(copy);
    return message;
}

static csign_status encode(const scene *s, uint8_t *out, size_t capacity, size_t *len,
                           const csign_negotiate_request *request, const csign_negotiate_response *response)
{
    return s->wrap.response ? csign_negotiate_response_encode(out, capacity, len, response)
                            : csign_negotiate_request_encode(out, capacity, len, request);
}

static void encode_again(const scene *s, csign_bytes data, const csign_negotiate_request *request,
                         const csign_negotiate_response *response)
{
    size_t len = 1;
    if (s->expected.contexts_status != CSIGN_OK) {
        CHECK(encode(s, NULL, 0, &len, request, response) == CSIGN_BAD_ARGUMENT && !len,
              "contexts with an error are not encoded");
        return;
    }
    csign_bytes wanted = canonical(s, data);
    uint8_t *out = malloc(wanted.len);
    if (!out)
        abort();
    memset(out, 0xA5, wanted.len);
    CHECK(encode(s, out, wanted.len, &len, request, response) == CSIGN_OK && len == wanted.len &&
              !memcmp(out, wanted.data, len),
          "what was parsed is encoded as the canonical message");
    fuzz_outcome(out, len);
    free(out);
    free((void *)(uintptr_t)wanted.data);
}

void context_one(const context_subject *subject, const uint8_t *input, size_t size)
{
    static const uint16_t dialects[] = {0x0302, 0x0300, 0x0210, 0x0311};
    fuzz_reader r = {input, size};
    uint8_t control = fuzz_take_u8(&r);
    scene s = {.subject = subject, .arrangement = (arrangement)(fuzz_take_u8(&r) % ARRANGEMENTS)};
    csign_bytes data = fuzz_take_view(&r, 65535);
    size_t shift = control / 2 % 4;
    s.wrap.response = control & 1;
    s.wrap.padding = control & 0x80 ? 0xFF : 0;
    s.wrap.dialects = s.arrangement == BELOW_3_1_1 ? dialects : s.wrap.response ? dialects + 3 : dialects + 3 - shift;
    s.wrap.dialect_count = s.arrangement == BELOW_3_1_1 ? 1 : 1 + shift;
    s.wrap.security_len = s.wrap.response ? 3 * shift : 0;
    arrange(&s, data);
    build(&s);
    expect(&s);

    csign_negotiate_request request;
    csign_negotiate_response response;
    memset(&request, 0xA5, sizeof request);
    memset(&response, 0xA5, sizeof response);
    csign_status status = s.wrap.response ? csign_negotiate_response_parse(&response, s.message)
                                          : csign_negotiate_request_parse(&request, s.message);
    CHECK(status == CSIGN_OK, "what is wrong with a context does not fail the message");
    const csign_negotiate_contexts *c = s.wrap.response ? &response.contexts : &request.contexts;
    fuzz_outcome_number((uint64_t)c->contexts_status << 32 | c->contexts_error_offset);
    fuzz_outcome_number((uint64_t)c->compression_status << 32 | (uint64_t)c->transport_status << 16 |
                        (uint64_t)c->rdma_status);
    compare(c, &s.expected);
    if (s.arrangement != BELOW_3_1_1)
        encode_again(&s, data, &request, &response);
    free((void *)(uintptr_t)s.message.data);
}
