/* SPDX-License-Identifier: Apache-2.0 */
/* A batch is its jobs one by one: any number of jobs, each with its own signer, key, length and parts, some refused by the rules, some
   with a wrong signature, some impossible. Each status and each byte is what a second reading of the rules says of that job
   alone, whatever the others are; the number returned is that of the jobs that are not CSIGN_OK; verification never writes. Input:
   jobs u8 (modulo 17; the rest modulo 6, plus 1: so many times), for each: signer u8 (below 252: modulo 3 the algorithm, rest the key; NULL, zero bytes, wiped,
   unknown kind otherwise), flags u8, status that was there before u8, length u16; then the messages one behind the other, each
   taking what is left up to its length. */
#include <stdlib.h>

#include "each_backend.h"
#include "sign_model.h"

enum { SAID_MAX = 16, TIMES_MAX = 6, JOBS_MAX = SAID_MAX * TIMES_MAX }; /* more than the library looks at together */
enum {
    SIGN_FIRST = 1,    /* with the job's own key, if it has one */
    TURN_BIT = 2,      /* of that signature or what follows */
    IN_PARTS = 4,      /* header and two parts */
    WRONG_LEN = 8,     /* in parts and yet not 64 bytes long */
    NO_MESSAGE = 16,   /* a NULL pointer */
    SIGN_BY_NEXT = 32, /* first with the key of another job */
    BACKEND = 64       /* times 0 to 3: by which backend; 0, by the library's choice */
};

typedef struct subject {
    csign_signer signer;
    const csign_signer *shared; /* that of the job before, if it is the same */
    bool has_signer, no_signer; /* one that signs; none at all */
    csign_signing_algorithm algorithm;
    uint8_t key[16];
    uint8_t flags;
    uint8_t *message; /* in one piece; what the job works on is apart */
    size_t len;
    uint8_t *header, *body; /* of the job; in one piece body is NULL */
    uint8_t
        *own_header; /* 64 bytes for a job in parts, not on the heap: on which side of body they lie must not vary */
    csign_bytes parts[2];
} subject;

/* With what no signer has: an algorithm, or a place in the list of backends behind its end or outside. */
static void overwrite(csign_signer *signer, unsigned how)
{
    if (!how)
        signer->kind = 4;
    else if (how == 1)
        for (signer->backend = 0; csign_backends[signer->backend]; signer->backend++)
            ;
    else
        signer->backend = how == 2 ? CSIGN_BACKENDS_MAX : UINT32_MAX;
}

static void make_signer(subject *s, uint8_t which, unsigned backend)
{
    memset(s->key, which / 3, sizeof s->key);
    s->key[which % 16] ^= 0x5A;
    s->algorithm = (csign_signing_algorithm)(which % 3);
    CHECK(each_backend_signer(&s->signer, backend, s->algorithm, s->key) == CSIGN_OK, "every 16 bytes are a key");
    s->has_signer = which < 252;
    s->no_signer = which == 252;
    if (which == 253)
        memset(&s->signer, 0, sizeof s->signer);
    if (which == 254)
        csign_signer_wipe(&s->signer);
    if (which == 255)
        overwrite(&s->signer, backend);
    CHECK(!strcmp(csign_backend_name(s->no_signer ? NULL : &s->signer), "none") == !s->has_signer,
          "a signer that can sign has a backend");
}

static bool same_signer(const subject *a, const subject *b)
{
    return a->has_signer && b->has_signer && a->signer.kind == b->signer.kind &&
           a->signer.backend == b->signer.backend && !memcmp(a->key, b->key, sizeof a->key);
}

static void sign_first(const subject *by, subject *s)
{
    s->message[16] |= 8;
    model_mac(s->message + 48, by->algorithm, by->key, (csign_bytes){s->message, s->len});
    if (s->flags & TURN_BIT) {
        size_t at = 48 + s->message[s->len - 1] % (s->len - 48);
        s->message[at] ^= (uint8_t)(1u << s->message[47] % 8);
    }
}

static bool in_parts(const subject *s)
{
    return s->flags & IN_PARTS && s->len >= 64;
}

/* Gives the job the message as it stands, in a block of exactly its size, or of exactly its body's. */
static void make_job(csign_job *job, subject *s, uint8_t status)
{
    *job = (csign_job){.signer = s->no_signer ? NULL : s->shared,
                       .status = (csign_status)(status % (CSIGN_BAD_ARGUMENT + 1))};
    if (in_parts(s)) {
        size_t half = (s->len - 64) / 2;
        s->header = memcpy(s->own_header, s->message, 64);
        s->body = fuzz_copy((csign_bytes){s->message + 64, s->len - 64});
        s->parts[0] = (csign_bytes){s->body, half};
        s->parts[1] = (csign_bytes){s->body + half, s->len - 64 - half};
        job->len = s->flags & WRONG_LEN ? 65 : 64;
        job->parts = s->parts;
        job->part_count = 2;
    } else {
        s->header = fuzz_copy((csign_bytes){s->message, s->len});
        s->body = NULL;
        job->len = s->len;
    }
    job->message = s->flags & NO_MESSAGE ? NULL : s->header;
}

static bool impossible(const subject *s)
{
    return !s->has_signer || s->flags & NO_MESSAGE || (in_parts(s) && s->flags & WRONG_LEN);
}

/* The job's blocks hold the message as it stands now. */
static bool holds_message(const subject *s)
{
    if (!s->body)
        return !memcmp(s->header, s->message, s->len);
    return !memcmp(s->header, s->message, 64) && !memcmp(s->body, s->message + 64, s->len - 64);
}

static void check_verify_batch(subject *s, csign_job *jobs, size_t count)
{
    size_t bad = 0, failed = csign_verify_batch(jobs, count);
    for (size_t i = 0; i < count; i++) {
        csign_bytes message = {s[i].message, s[i].len};
        csign_status expected = impossible(&s[i]) ? CSIGN_BAD_ARGUMENT : model_verify(message);
        if (expected == CSIGN_OK) {
            uint8_t tag[16];
            model_mac(tag, s[i].algorithm, s[i].key, message);
            expected = memcmp(tag, s[i].message + 48, 16) ? CSIGN_BAD_SIGNATURE : CSIGN_OK;
        }
        CHECK(jobs[i].status == expected, "a job of a batch verifies if and only if it does alone");
        CHECK(holds_message(&s[i]), "verifying a batch does not write");
        bad += expected != CSIGN_OK;
        fuzz_outcome_number(expected);
    }
    CHECK(failed == bad, "a batch counts the jobs that are not CSIGN_OK");
}

static void check_sign_batch(subject *s, csign_job *jobs, size_t count)
{
    size_t bad = 0, failed = csign_sign_batch(jobs, count);
    for (size_t i = 0; i < count; i++) {
        csign_bytes message = {s[i].message, s[i].len};
        csign_status expected = impossible(&s[i]) ? CSIGN_BAD_ARGUMENT : model_sign(s[i].algorithm, message);
        CHECK(jobs[i].status == expected, "a job of a batch is signed or refused as it is alone");
        if (expected == CSIGN_OK) {
            s[i].message[16] |= 8;
            model_mac(s[i].message + 48, s[i].algorithm, s[i].key, message);
        }
        CHECK(holds_message(&s[i]), "a job of a batch gets its own signature, or nothing changes");
        bad += expected != CSIGN_OK;
        fuzz_outcome_number(expected);
        fuzz_outcome(s[i].header, s[i].len < 64 ? s[i].len : 64);
    }
    CHECK(failed == bad, "a batch counts the jobs that are not CSIGN_OK");
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    const uint8_t how_many = fuzz_take_u8(&r);
    size_t said = how_many % (SAID_MAX + 1), count = said * (1 + how_many / (SAID_MAX + 1) % TIMES_MAX), lens[SAID_MAX];
    subject *s = calloc(JOBS_MAX, sizeof *s);
    csign_job *jobs = calloc(count ? count : 1, sizeof *jobs);
    uint8_t before[SAID_MAX];
    static uint8_t headers[JOBS_MAX][64];
    if (!s || !jobs)
        abort();
    for (size_t i = 0; i < said; i++) {
        s[i].own_header = headers[i];
        uint8_t which = fuzz_take_u8(&r);
        s[i].flags = fuzz_take_u8(&r);
        make_signer(&s[i], which, s[i].flags / BACKEND);
        before[i] = fuzz_take_u8(&r);
        lens[i] = fuzz_take_u16(&r);
    }
    for (size_t i = 0; i < said; i++) {
        csign_bytes message = fuzz_take_view(&r, lens[i]);
        s[i].message = fuzz_copy(message);
        s[i].len = message.len;
    }
    for (size_t i = said; i < count; i++) { /* each its own signer and its own message */
        s[i] = s[i - said];
        s[i].own_header = headers[i];
        s[i].message = fuzz_copy((csign_bytes){s[i].message, s[i].len});
    }
    for (size_t i = 0; i < count; i++) {
        if (s[i].flags & SIGN_FIRST && s[i].len >= 64)
            sign_first(s[i].flags & SIGN_BY_NEXT ? &s[(i + 1) % count] : &s[i], &s[i]);
        s[i].shared = i && same_signer(&s[i], &s[i - 1]) ? s[i - 1].shared : &s[i].signer;
        make_job(&jobs[i], &s[i], before[i % said]);
    }
    check_verify_batch(s, jobs, count);
    check_sign_batch(s, jobs, count);
    check_verify_batch(s, jobs, count); /* what was signed verifies, whatever its status was */
    CHECK(csign_sign_batch(NULL, count) == count && csign_verify_batch(NULL, count) == count, "no jobs, no success");
    for (size_t i = 0; i < count; i++) {
        free(s[i].message);
        free(s[i].body ? s[i].body : s[i].header);
    }
    free(s);
    free(jobs);
}

const fuzz_target fuzz_this = {"sign_batch", NULL, one};
