/* SPDX-License-Identifier: Apache-2.0 */
/* csign_diagnose and csign_mistaken_mac: each mistake that can be made with a claim is committed and named back, alone and with
   others; without one the signature is csign_sign's; arguments; scratch; the bound on work. That the mistakes are those that
   their texts say is shown by //tools/test:explain_test, which commits them in Python. */
#include <countersign/countersign.h>
#include <countersign/diagnose.h>
#include <stdlib.h>

#include "check.h"

enum { FRAME_LEN = 64 + 21 + 3 + 72 + 64 + 5, PREAUTH_COUNT = 5, SCRATCH_MAX = 4096 };

/* A claim with everything in it, and what it borrows. */
typedef struct sample {
    csign_claim claim;
    uint8_t frame[FRAME_LEN];
    uint8_t messages[PREAUTH_COUNT + 1][120];
    csign_bytes preauth[PREAUTH_COUNT];
    uint8_t session_key[32], other_key[24], other_preauth[64], request_signature[16];
    bool named[CSIGN_MISTAKE_COUNT];
} sample;

static void fill(uint8_t *bytes, size_t len, unsigned seed)
{
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)(seed + 37 * i + i * i / 3);
    }
}

static void header(uint8_t *h, unsigned command, unsigned flags, size_t next)
{
    static const uint8_t protocol_id[6] = {0xFE, 'S', 'M', 'B', 64, 0};
    memset(h, 0, 64);
    memcpy(h, protocol_id, sizeof protocol_id);
    h[6] = 1;
    h[8] = 0x16;
    h[12] = (uint8_t)command;
    h[14] = 31;
    h[16] = (uint8_t)flags;
    h[20] = (uint8_t)next;
    h[24] = 0x17; /* MessageId, all of its bytes different from what is around */
    h[29] = 0x99;
    h[36] = 5;
    h[40] = 0x41;
}

/* The first, middle or last of three elements: place 0, 1, 2; place 3: alone, the whole frame. */
static sample *make(csign_dialect dialect, csign_signing_algorithm algorithm, unsigned command, unsigned flags,
                    unsigned place)
{
    static const size_t at[3] = {0, 88, 160};
    sample *s = calloc(1, sizeof *s);
    csign_claim *c = &s->claim;
    fill(s->frame, FRAME_LEN, 3);
    for (unsigned i = 0; i < 3; i++) {
        header(s->frame + at[i], command, flags, i < 2 ? at[i + 1] - at[i] : 0);
    }
    for (unsigned i = 0; i < PREAUTH_COUNT + 1;
         i++) { /* requests and responses in turn; the last request has a signature */
        fill(s->messages[i], sizeof s->messages[i], 50 + i);
        header(s->messages[i], i < 2 ? 0 : 1, i % 2, 0);
    }
    memset(s->messages[4] + 48, 0x5C, 16);
    for (unsigned i = 0; i < PREAUTH_COUNT; i++) {
        s->preauth[i] = (csign_bytes){s->messages[i], 97 + 3 * i};
    }
    fill(s->session_key, sizeof s->session_key, 101);
    fill(s->other_key, sizeof s->other_key, 77);
    fill(s->other_preauth, sizeof s->other_preauth, 55);
    fill(s->request_signature, sizeof s->request_signature, 31);
    *c = (csign_claim){.frame = {s->frame, FRAME_LEN},
                       .offset = place == 3 ? 0 : at[place],
                       .len = place == 3 ? FRAME_LEN : (place == 2 ? FRAME_LEN : at[place + 1]) - at[place],
                       .dialect = dialect,
                       .algorithm = algorithm,
                       .session_key = {s->session_key, sizeof s->session_key},
                       .preauth = s->preauth,
                       .preauth_count = PREAUTH_COUNT,
                       .final_response = {s->messages[PREAUTH_COUNT], 111},
                       .other_session_key = {s->other_key, sizeof s->other_key},
                       .other_preauth = s->other_preauth,
                       .request_signature = s->request_signature};
    return s;
}

static void claim_signature(sample *s, const uint8_t tag[16])
{
    memcpy(s->frame + s->claim.offset + 48, tag, 16);
}

static bool includes(const csign_explanation *e, csign_mistake mistake)
{
    for (size_t i = 0; i < e->mistake_count; i++) {
        if (e->mistakes[i] == mistake) {
            return true;
        }
    }
    return false;
}

static bool same_explanation(const csign_explanation *a, const csign_explanation *b)
{
    return a->algorithm == b->algorithm && a->key.len == b->key.len &&
           memcmp(a->key.bytes, b->key.bytes, sizeof a->key.bytes) == 0 &&
           memcmp(a->nonce, b->nonce, sizeof a->nonce) == 0 && memcmp(a->preauth, b->preauth, sizeof a->preauth) == 0 &&
           a->from == b->from && a->to == b->to && a->padding == b->padding &&
           a->transport_header == b->transport_header && a->mistake_count == b->mistake_count;
}

/* Diagnoses and checks that what is named reproduces the signature. */
static csign_diagnosis diagnose(const csign_claim *claim)
{
    uint8_t scratch[SCRATCH_MAX], tag[16];
    csign_diagnosis d;
    csign_explanation used;
    memset(scratch, 0xA5, sizeof scratch);
    size_t len = csign_diagnose_scratch_len(claim);
    CHECK(len <= sizeof scratch);
    CHECK_STATUS(csign_diagnose(&d, claim, scratch, len), CSIGN_OK);
    CHECK(all_zero(scratch, len) && scratch[len] == 0xA5);
    CHECK_BYTES(d.claimed, claim->frame.data + claim->offset + 48, 16);
    for (size_t i = 0; i < d.explanation_count; i++) {
        const csign_explanation *e = &d.explanations[i];
        CHECK_STATUS(csign_mistaken_mac(tag, &used, claim, e->mistakes, e->mistake_count, scratch, sizeof scratch),
                     CSIGN_OK);
        CHECK(memcmp(tag, d.claimed, 16) == 0 && same_explanation(&used, e));
    }
    return d;
}

/* Commits these mistakes; false: they cannot be made together. */
static bool commit(sample *s, const csign_mistake *mistakes, size_t count)
{
    uint8_t scratch[SCRATCH_MAX], tag[16];
    csign_status status = csign_mistaken_mac(tag, NULL, &s->claim, mistakes, count, scratch, sizeof scratch);
    CHECK(status == CSIGN_OK || (status == CSIGN_UNSUPPORTED && all_zero(tag, 16)));
    claim_signature(s, tag);
    return status == CSIGN_OK;
}

static size_t each_alone(sample *s)
{
    size_t possible = 0;
    for (unsigned m = 1; m < CSIGN_MISTAKE_COUNT; m++) {
        csign_mistake mistake = (csign_mistake)m;
        if (!commit(s, &mistake, 1)) {
            continue;
        }
        csign_diagnosis d = diagnose(&s->claim);
        bool named = false;
        for (size_t i = 0; i < d.explanation_count; i++) {
            named |= includes(&d.explanations[i], mistake);
        }
        if (!CHECK(d.complete && d.depth == 1 && named)) {
            fprintf(stderr, "%s is not named\n", csign_mistake_name(mistake));
        }
        CHECK(memcmp(d.expected, d.claimed, 16) != 0);
        s->named[m] = true;
        possible++;
    }
    return possible;
}

static void some_together(sample *s, size_t count, unsigned step)
{
    for (unsigned m = 1; m < CSIGN_MISTAKE_COUNT * CSIGN_MISTAKE_COUNT; m += step) {
        csign_mistake mistakes[3] = {(csign_mistake)(1 + m % (CSIGN_MISTAKE_COUNT - 1)),
                                     (csign_mistake)(1 + m / CSIGN_MISTAKE_COUNT % (CSIGN_MISTAKE_COUNT - 1)),
                                     (csign_mistake)(1 + m * 7 % (CSIGN_MISTAKE_COUNT - 1))};
        if (commit(s, mistakes, count)) {
            csign_diagnosis d = diagnose(&s->claim);
            CHECK(d.explanation_count != 0 && d.explanations[0].mistake_count <= count);
        }
    }
}

/* Without a mistake: what csign_mac gives with csign_derive_key's key. */
static void without_mistake(sample *s)
{
    csign_claim *c = &s->claim;
    uint8_t key[16], tag[16];
    csign_signer signer;
    csign_preauth chain;
    csign_preauth_init(&chain);
    for (size_t i = 0; i < c->preauth_count; i++) {
        csign_preauth_update(&chain, c->preauth[i]);
    }
    CHECK_STATUS(csign_derive_key(key, 16, CSIGN_KEY_SIGNING, c->dialect, c->session_key, chain.value), CSIGN_OK);
    CHECK_STATUS(csign_signer_init(&signer, c->algorithm, key), CSIGN_OK);
    const uint8_t *element = c->frame.data + c->offset;
    csign_bytes body = {element + 64, c->len - 64};
    CHECK_STATUS(csign_mac(&signer, tag, element, &body, 1), CSIGN_OK);
    claim_signature(s, tag);
    csign_diagnosis d = diagnose(c);
    CHECK(d.complete && d.depth == 0 && d.explanation_count == 1 && d.explanations[0].mistake_count == 0 &&
          d.tried == 1);
    CHECK_BYTES(d.expected, tag, 16);
    uint8_t scratch[SCRATCH_MAX];
    CHECK_STATUS(csign_mistaken_mac(tag, NULL, c, NULL, 0, scratch, sizeof scratch), CSIGN_OK);
    CHECK_BYTES(d.expected, tag, 16);
    CHECK(d.right.key.len == 16 && memcmp(d.right.key.bytes, key, 16) == 0);
    CHECK(d.right.from == c->offset && d.right.to == c->offset + c->len);
}

static void nothing_matches(sample *s)
{
    uint8_t tag[16];
    memset(tag, 0x6B, sizeof tag);
    claim_signature(s, tag);
    csign_diagnosis d = diagnose(&s->claim);
    CHECK(d.complete && d.depth == 3 && d.explanation_count == 0 && d.tried > d.candidates);
}

static void every_kind(void)
{
    static const struct {
        csign_dialect dialect;
        csign_signing_algorithm algorithm;
        unsigned command, flags, place;
        bool channel;
    } kinds[] = {
        {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, 5, 0x01 | 0x02 | 0x08 | 0x10, 1, false},
        {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, 12, 0x02 | 0x08, 3, true},
        {CSIGN_SMB_3_1_1, CSIGN_AES_CMAC, 5, 0x01 | 0x08, 2, true},
        {CSIGN_SMB_3_1_1, CSIGN_HMAC_SHA256, 5, 0x08, 0, false},
        {CSIGN_SMB_3_0_2, CSIGN_AES_CMAC, 9, 0x03 | 0x08, 0, true},
        {CSIGN_SMB_3_0, CSIGN_AES_CMAC, 12, 0x08, 3, false},
        {CSIGN_SMB_2_1, CSIGN_HMAC_SHA256, 5, 0x01 | 0x08, 2, false},
        {CSIGN_SMB_2_0_2, CSIGN_HMAC_SHA256, 5, 0x08, 1, true},
    };
    bool named[CSIGN_MISTAKE_COUNT] = {true};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        sample *s = make(kinds[i].dialect, kinds[i].algorithm, kinds[i].command, kinds[i].flags, kinds[i].place);
        s->claim.channel = kinds[i].channel;
        s->claim.other_session = i == 3;
        without_mistake(s);
        size_t possible = each_alone(s);
        CHECK(possible > 20);
        some_together(s, 2, 211);
        some_together(s, 3, 3001);
        if (i == 0) {
            nothing_matches(s);
        }
        for (size_t m = 0; m < CSIGN_MISTAKE_COUNT; m++) {
            named[m] |= s->named[m];
        }
        free(s);
    }
    for (unsigned m = 0; m < CSIGN_MISTAKE_COUNT; m++) { /* with two of another algorithm, when nowhere alone */
        if (!CHECK(named[m])) {
            fprintf(stderr, "%s was never committed\n", csign_mistake_name((csign_mistake)m));
        }
    }
}

/* What little may be there: a header alone, a short key, no preauthentication messages below 3.1.1. */
static void poor_claims(void)
{
    sample *s = make(CSIGN_SMB_3_0, CSIGN_AES_CMAC, 5, 0x08, 3);
    csign_claim *c = &s->claim;
    c->len = c->frame.len = 64;
    c->session_key.len = 5;
    c->preauth = NULL;
    c->preauth_count = 0;
    c->final_response = (csign_bytes){NULL, 0};
    c->other_session_key = (csign_bytes){NULL, 0};
    c->other_preauth = NULL;
    c->request_signature = NULL;
    memset(s->frame + 14, 0, 50); /* no MessageId, no session, no tree, no credits */
    without_mistake(s);
    CHECK(each_alone(s) > 20);
    c->dialect = CSIGN_SMB_3_1_1; /* 3.1.1 with no more than it needs, and nothing of two kinds */
    c->preauth = s->preauth;
    c->preauth_count = 3;
    without_mistake(s);
    CHECK(each_alone(s) > 20);
    free(s);
}

static void bound(void)
{
    sample *s = make(CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, 5, 0x09, 0);
    uint8_t tag[16];
    memset(tag, 0x11, sizeof tag);
    claim_signature(s, tag);
    csign_diagnosis whole = diagnose(&s->claim);
    s->claim.work = 1;
    csign_diagnosis d = diagnose(&s->claim);
    CHECK(!d.complete && d.depth == 0 && d.tried == 1 && d.explanation_count == 0);
    s->claim.work = 1 << 20;
    d = diagnose(&s->claim);
    CHECK(!d.complete && d.depth >= 1 && d.depth < 3 && d.tried > 1 && d.tried < whole.tried);
    free(s);
}

/* Three mistakes that each look like another here: eight combinations fit, and four are kept. */
static void many_explanations(void)
{
    const csign_mistake mistakes[3] = {CSIGN_MISTAKE_LABEL_WITHOUT_NUL, CSIGN_MISTAKE_PREAUTH_NEGOTIATE_ONLY,
                                       CSIGN_MISTAKE_RANGE_ROUNDED_TO_8};
    sample *s = make(CSIGN_SMB_3_1_1, CSIGN_AES_CMAC, 5, 0x09, 3);
    s->claim.len = s->claim.frame.len = 220;
    s->claim.preauth_count = 3;
    CHECK(commit(s, mistakes, 3));
    csign_diagnosis d = diagnose(&s->claim);
    CHECK(d.explanation_count == CSIGN_EXPLANATIONS && d.depth == 3);
    free(s);
}

static void refused(const csign_claim *claim, csign_status expected)
{
    uint8_t scratch[SCRATCH_MAX], tag[16];
    csign_diagnosis d;
    size_t len = expected == CSIGN_NO_SPACE ? csign_diagnose_scratch_len(claim) - 1 : sizeof scratch;
    memset(&d, 0xA5, sizeof d);
    memset(tag, 0xA5, sizeof tag);
    CHECK_STATUS(csign_diagnose(&d, claim, scratch, len), expected);
    CHECK_STATUS(csign_mistaken_mac(tag, NULL, claim, NULL, 0, scratch, len), expected);
    CHECK_ZERO(&d);
    CHECK_ZERO(&tag);
}

static void arguments(void)
{
    sample *s = make(CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, 5, 0x09, 0);
    const csign_claim good = s->claim;
    csign_bytes bad_messages[3] = {s->preauth[0], s->preauth[1], {NULL, 64}};
    refused(&good, CSIGN_NO_SPACE);
    refused(NULL, CSIGN_BAD_ARGUMENT);
    CHECK(csign_diagnose_scratch_len(NULL) == 0);
#define REFUSED(change)                                                                                                \
    do {                                                                                                               \
        csign_claim c = good;                                                                                          \
        change;                                                                                                        \
        refused(&c, CSIGN_BAD_ARGUMENT);                                                                               \
    } while (0)
    REFUSED(c.frame.data = NULL);
    REFUSED(c.len = 63);
    REFUSED(c.offset = FRAME_LEN + 1);
    REFUSED(c.len = FRAME_LEN + 1);
    REFUSED(c.offset = FRAME_LEN - 63; c.len = 64);
    REFUSED(c.dialect = (csign_dialect)0x0310);
    REFUSED(c.algorithm = (csign_signing_algorithm)3);
    REFUSED(c.session_key.len = 0);
    REFUSED(c.session_key.data = NULL);
    REFUSED(c.preauth_count = 2);
    REFUSED(c.preauth_count = 65);
    REFUSED(c.preauth = NULL);
    REFUSED(c.preauth = bad_messages; c.preauth_count = 3);
    bad_messages[2] = (csign_bytes){s->messages[2], 63};
    REFUSED(c.preauth = bad_messages; c.preauth_count = 3);
    REFUSED(c.final_response.len = 63);
    REFUSED(c.final_response.data = NULL);
    REFUSED(c.other_session_key.data = NULL);
#undef REFUSED
    uint8_t scratch[SCRATCH_MAX], tag[16];
    csign_diagnosis d;
    const csign_mistake none[1] = {CSIGN_MISTAKE_NONE}, unknown[1] = {CSIGN_MISTAKE_COUNT};
    const csign_mistake same[2] = {CSIGN_MISTAKE_RANGE_BODY_ONLY, CSIGN_MISTAKE_RANGE_HEADER_ONLY};
    const csign_mistake impossible[1] = {CSIGN_MISTAKE_NONCE_WITHOUT_CANCEL};
    CHECK_STATUS(csign_diagnose(NULL, &good, scratch, sizeof scratch), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_diagnose(&d, &good, NULL, sizeof scratch), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_mistaken_mac(NULL, NULL, &good, NULL, 0, scratch, sizeof scratch), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_mistaken_mac(tag, NULL, &good, NULL, 1, scratch, sizeof scratch), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_mistaken_mac(tag, NULL, &good, same, 4, scratch, sizeof scratch), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_mistaken_mac(tag, NULL, &good, none, 1, scratch, sizeof scratch), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_mistaken_mac(tag, NULL, &good, unknown, 1, scratch, sizeof scratch), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_mistaken_mac(tag, NULL, &good, same, 2, scratch, sizeof scratch), CSIGN_UNSUPPORTED);
    CHECK_STATUS(csign_mistaken_mac(tag, NULL, &good, impossible, 1, scratch, sizeof scratch), CSIGN_UNSUPPORTED);
    CHECK(all_zero(tag, sizeof tag));
    free(s);
}

/* Every mistake has a name of its own, words and advice. */
static void words(void)
{
    for (unsigned m = 0; m <= CSIGN_MISTAKE_COUNT; m++) {
        csign_mistake mistake = (csign_mistake)m;
        bool real = m != CSIGN_MISTAKE_NONE && m != CSIGN_MISTAKE_COUNT;
        CHECK((strcmp(csign_mistake_name(mistake), "none") != 0) == real);
        CHECK((csign_mistake_text(mistake)[0] != 0) == real);
        CHECK((csign_mistake_advice(mistake)[0] != 0) == real);
        for (unsigned other = 1; other < m && real; other++) {
            CHECK(strcmp(csign_mistake_name(mistake), csign_mistake_name((csign_mistake)other)) != 0);
            CHECK(strcmp(csign_mistake_text(mistake), csign_mistake_text((csign_mistake)other)) != 0);
        }
    }
}

int main(void)
{
    every_kind();
    poor_claims();
    bound();
    many_explanations();
    arguments();
    words();
    return CHECK_RESULT();
}
