/* SPDX-License-Identifier: Apache-2.0 */
/* csign_diagnose and csign_mistaken_mac on any claim: which are refused; without a mistake the signature is that of csign_mac with
   csign_derive_key's key; a mistake that can be made is named, and what is named reproduces the signature; scratch is
   wiped and nothing behind it written. Input: dialect u8 (below 250 modulo 5), algorithm u8 modulo 4, flags u16, count of mistakes
   u8 modulo 5, three mistakes, work u8, count of messages u8 modulo 68, their length u8, lengths of both session keys u8, offset
   u16 and length u16 of the element, another preauthentication hash of 64, a request's signature of 16; then both keys, the
   messages, the final response, the frame. */
#include <countersign/diagnose.h>
#include <stdlib.h>

#include "fuzz.h"

enum {
    CHANNEL = 1,
    NO_FRAME = 2,
    NO_KEY = 4,
    NO_MESSAGES = 8,
    NULL_MESSAGE = 16, /* the last one is a NULL pointer; its length stays */
    FINAL = 32,
    NULL_FINAL = 64,
    NULL_OTHER_KEY = 128,
    OTHER_PREAUTH = 256,
    REQUEST_SIGNATURE = 512,
    SHORT_SCRATCH = 1024,
    NO_SCRATCH = 2048,
    NO_MISTAKES = 4096,
    AS_IT_IS = 8192,     /* the signature in the frame is diagnosed, not one with the mistakes */
    WHOLE_FRAME = 16384, /* the element is the whole frame */
    OTHER_SESSION = 32768
};
enum { MESSAGES_MAX = 67, BEHIND = 16 };

typedef struct subject {
    csign_claim claim;
    csign_bytes messages[MESSAGES_MAX];
    uint8_t other_preauth[64], request_signature[16];
    unsigned flags;
    size_t count; /* of mistakes */
    csign_mistake mistakes[3];
    uint8_t *frame, *scratch;
    size_t scratch_len;
} subject;

static const char wiped[] = "the scratch is wiped, and nothing behind it is written";

static csign_dialect take_dialect(fuzz_reader *r)
{
    static const csign_dialect dialects[] = {CSIGN_SMB_2_0_2, CSIGN_SMB_2_1, CSIGN_SMB_3_0, CSIGN_SMB_3_0_2,
                                             CSIGN_SMB_3_1_1};
    uint8_t d = fuzz_take_u8(r);
    return d < 250 ? dialects[d % 5] : (csign_dialect)(d - 250u + 0x0310);
}

static void take_sizes(subject *s, fuzz_reader *r, size_t *message_len)
{
    csign_claim *c = &s->claim;
    c->dialect = take_dialect(r);
    c->algorithm = (csign_signing_algorithm)(fuzz_take_u8(r) % 4);
    s->flags = fuzz_take_u16(r);
    s->count = fuzz_take_u8(r) % 5;
    for (size_t i = 0; i < 3; i++)
        s->mistakes[i] = (csign_mistake)fuzz_take_u8(r);
    c->work = fuzz_take_u8(r);
    c->preauth_count = fuzz_take_u8(r) % (MESSAGES_MAX + 1);
    *message_len = fuzz_take_u8(r);
    c->session_key.len = fuzz_take_u8(r);
    c->other_session_key.len = fuzz_take_u8(r);
    c->offset = fuzz_take_u16(r);
    c->len = fuzz_take_u16(r);
    fuzz_take(r, s->other_preauth, sizeof s->other_preauth);
    fuzz_take(r, s->request_signature, sizeof s->request_signature);
}

static void take(subject *s, fuzz_reader *r)
{
    csign_claim *c = &s->claim;
    size_t message_len;
    take_sizes(s, r, &message_len);
    c->channel = s->flags & CHANNEL;
    c->other_session = s->flags & OTHER_SESSION;
    c->session_key = fuzz_take_view(r, c->session_key.len);
    c->other_session_key = fuzz_take_view(r, c->other_session_key.len);
    for (size_t i = 0; i < c->preauth_count; i++)
        s->messages[i] = fuzz_take_view(r, message_len);
    c->preauth = s->flags & NO_MESSAGES ? NULL : s->messages;
    if (s->flags & FINAL)
        c->final_response = fuzz_take_view(r, message_len);
    c->frame = fuzz_rest(r);
    s->frame = fuzz_copy(c->frame);
    c->frame.data = s->flags & NO_FRAME ? NULL : s->frame;
    if (s->flags & NO_KEY)
        c->session_key.data = NULL;
    if (s->flags & NULL_MESSAGE && c->preauth_count)
        s->messages[c->preauth_count - 1].data = NULL;
    if (s->flags & NULL_FINAL)
        c->final_response.data = NULL;
    if (s->flags & NULL_OTHER_KEY)
        c->other_session_key.data = NULL;
    c->other_preauth = s->flags & OTHER_PREAUTH ? s->other_preauth : NULL;
    c->request_signature = s->flags & REQUEST_SIGNATURE ? s->request_signature : NULL;
    if (s->flags & WHOLE_FRAME) {
        c->offset = 0;
        c->len = c->frame.len;
    }
}

static bool messages_possible(const csign_claim *c)
{
    if (c->preauth_count > 64 || (c->dialect == CSIGN_SMB_3_1_1 && c->preauth_count < 3))
        return false;
    for (size_t i = 0; i < c->preauth_count; i++)
        if (!c->preauth || !c->preauth[i].data || c->preauth[i].len < 64)
            return false;
    return !c->final_response.len || (c->final_response.data && c->final_response.len >= 64);
}

static bool possible(const csign_claim *c)
{
    bool known = c->dialect == CSIGN_SMB_2_0_2 || c->dialect == CSIGN_SMB_2_1 || c->dialect == CSIGN_SMB_3_0 ||
                 c->dialect == CSIGN_SMB_3_0_2 || c->dialect == CSIGN_SMB_3_1_1;
    return known && (unsigned)c->algorithm < 3 && c->frame.data && c->len >= 64 && c->offset + c->len <= c->frame.len &&
           c->session_key.data && c->session_key.len && messages_possible(c) &&
           (c->other_session_key.data || !c->other_session_key.len);
}

/* The signature by the rest of the library. */
static void right_mac(uint8_t tag[16], const csign_claim *c)
{
    csign_preauth chain;
    csign_signer signer;
    uint8_t key[16];
    csign_preauth_init(&chain);
    for (size_t i = 0; i < c->preauth_count; i++)
        csign_preauth_update(&chain, c->preauth[i]);
    csign_derive_key(key, 16, CSIGN_KEY_SIGNING, c->dialect, c->session_key, chain.value);
    csign_signer_init(&signer, c->algorithm, key);
    csign_bytes body = {c->frame.data + c->offset + 64, c->len - 64};
    csign_mac(&signer, tag, c->frame.data + c->offset, &body, 1);
}

static void check_scratch(const subject *s)
{
    if (s->scratch)
        CHECK(fuzz_all(s->scratch, s->scratch_len, 0) && fuzz_all(s->scratch + s->scratch_len, BEHIND, 0xA5), wiped);
}

/* Mistakes that are some, and no more than three. */
static bool are_mistakes(const subject *s)
{
    for (size_t i = 0; i < s->count && i < 3; i++)
        if (s->mistakes[i] == CSIGN_MISTAKE_NONE || (unsigned)s->mistakes[i] >= CSIGN_MISTAKE_COUNT)
            return false;
    return s->count <= 3 && (!s->count || !(s->flags & NO_MISTAKES));
}

/* What a byte names has words if and only if it is a mistake. */
static void check_words(csign_mistake mistake)
{
    bool is = mistake != CSIGN_MISTAKE_NONE && (unsigned)mistake < CSIGN_MISTAKE_COUNT;
    CHECK(!strcmp(csign_mistake_name(mistake), "none") == !is && !csign_mistake_text(mistake)[0] == !is &&
              !csign_mistake_advice(mistake)[0] == !is,
          "a mistake has a name, words and advice, and nothing else has");
}

/* Signs with the mistakes; true: that is possible, and the frame carries the signature. */
static bool commit(subject *s, csign_status refusal)
{
    uint8_t tag[16];
    csign_explanation used;
    const csign_mistake *mistakes = s->flags & NO_MISTAKES ? NULL : s->mistakes;
    memset(tag, 0xA5, sizeof tag);
    csign_status expected = refusal ? refusal : are_mistakes(s) ? CSIGN_OK : CSIGN_BAD_ARGUMENT;
    csign_status status = csign_mistaken_mac(tag, &used, &s->claim, mistakes, s->count, s->scratch, s->scratch_len);
    CHECK(status == expected || (!expected && s->count && status == CSIGN_UNSUPPORTED),
          "claims that are none, and no others, are refused");
    CHECK(!status || fuzz_all(tag, sizeof tag, 0), "what cannot be made leaves no signature");
    fuzz_outcome_number(status);
    if (status)
        return false;
    check_scratch(s);
    fuzz_outcome(tag, sizeof tag);
    if (!(s->flags & AS_IT_IS))
        memcpy(s->frame + s->claim.offset + 48, tag, 16);
    return !(s->flags & AS_IT_IS);
}

static bool same_explanation(const csign_explanation *a, const csign_explanation *b)
{
    return a->algorithm == b->algorithm && a->key.len == b->key.len &&
           !memcmp(a->key.bytes, b->key.bytes, sizeof a->key.bytes) && !memcmp(a->nonce, b->nonce, sizeof a->nonce) &&
           !memcmp(a->preauth, b->preauth, sizeof a->preauth) && a->from == b->from && a->to == b->to &&
           a->padding == b->padding && a->transport_header == b->transport_header &&
           a->mistake_count == b->mistake_count;
}

static void check_explanations(subject *s, const csign_diagnosis *d)
{
    uint8_t tag[16];
    csign_explanation used;
    for (size_t i = 0; i < d->explanation_count; i++) {
        const csign_explanation *e = &d->explanations[i];
        CHECK(e->mistake_count == d->explanations[0].mistake_count && e->mistake_count <= d->depth + !d->complete,
              "the explanations are those with the fewest mistakes");
        csign_status status =
            csign_mistaken_mac(tag, &used, &s->claim, e->mistakes, e->mistake_count, s->scratch, s->scratch_len);
        CHECK(!status && !memcmp(tag, s->frame + s->claim.offset + 48, 16) && same_explanation(&used, e),
              "what is named reproduces the signature");
        for (size_t k = 0; k < e->mistake_count; k++)
            fuzz_outcome_number(e->mistakes[k]);
    }
}

static void diagnose(subject *s, bool committed)
{
    csign_diagnosis d;
    uint8_t tag[16];
    memset(s->scratch, 0xA5, s->scratch_len);
    CHECK(csign_diagnose(&d, &s->claim, s->scratch, s->scratch_len) == CSIGN_OK,
          "claims that are none, and no others, are refused");
    check_scratch(s);
    right_mac(tag, &s->claim);
    CHECK(!memcmp(d.expected, tag, 16), "without a mistake the signature is csign_mac's");
    CHECK(d.right.key.len == 16 && d.right.from == s->claim.offset && d.right.to == s->claim.offset + s->claim.len,
          "without a mistake the element is covered, with a key of 16 bytes");
    CHECK(!committed || s->count > d.depth || d.explanation_count, "a mistake that can be made is named");
    CHECK(!committed || !d.explanation_count || d.explanations[0].mistake_count <= s->count,
          "no more mistakes are named than were made");
    fuzz_outcome_number(d.tried);
    fuzz_outcome_number(d.depth);
    check_explanations(s, &d);
}

/* Enough work for every mistake alone, or for some together: an input must not take long. What was made with one mistake is found
   soon, and needs no bound. */
static void allow_work(csign_claim *c, bool soon)
{
    uint64_t cost = 256 + c->frame.len;
    if (soon) {
        c->work = 0;
        return;
    }
    for (size_t i = 0; i < c->preauth_count; i++)
        cost += c->preauth[i].len;
    c->work = c->work ? 8 * c->work * cost : CSIGN_MISTAKE_COUNT * cost + 65536;
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    subject s = {0};
    take(&s, &r);
    bool good = possible(&s.claim);
    s.scratch_len = csign_diagnose_scratch_len(&s.claim);
    csign_status refusal = !good || s.flags & NO_SCRATCH ? CSIGN_BAD_ARGUMENT
                           : s.flags & SHORT_SCRATCH     ? CSIGN_NO_SPACE
                                                         : CSIGN_OK;
    fuzz_too_short(s.claim.frame.len < 64);
    if (!(s.flags & NO_SCRATCH)) {
        s.scratch_len -= s.flags & SHORT_SCRATCH ? 1 : 0;
        s.scratch = malloc(s.scratch_len + BEHIND);
        memset(s.scratch, 0xA5, s.scratch_len + BEHIND);
    }
    bool committed = commit(&s, refusal);
    for (size_t i = 0; i < 3; i++)
        check_words(s.mistakes[i]);
    if (refusal) {
        csign_diagnosis d;
        memset(&d, 0xA5, sizeof d);
        CHECK(csign_diagnose(&d, &s.claim, s.scratch, s.scratch_len) == refusal && fuzz_all(&d, sizeof d, 0),
              "a claim that is none is refused, and nothing is said of it");
        CHECK(csign_diagnose(NULL, &s.claim, s.scratch, s.scratch_len) == CSIGN_BAD_ARGUMENT &&
                  csign_diagnose(&d, NULL, s.scratch, s.scratch_len) == CSIGN_BAD_ARGUMENT &&
                  csign_mistaken_mac(NULL, NULL, &s.claim, NULL, 0, s.scratch, s.scratch_len) == CSIGN_BAD_ARGUMENT &&
                  !csign_diagnose_scratch_len(NULL),
              "what is not there is refused");
    } else {
        allow_work(&s.claim, committed && s.count <= 1);
        diagnose(&s, committed);
    }
    free(s.scratch);
    free(s.frame);
}

const fuzz_target fuzz_this = {"diagnose", NULL, one};
