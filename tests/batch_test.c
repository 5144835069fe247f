/* SPDX-License-Identifier: Apache-2.0 */
/* A batch is its jobs one by one, whatever they are: from none to 200 of them, so that they fill several windows, each with any
   algorithm, any backend that runs here, one of several keys, any length, in one piece or in parts; among them some that fail, by a
   rule, by their shape, by a wrong signature or because they make no sense. Every status and every byte is that of the single call,
   and jobs that fail change nothing for the others. */
#include <stdlib.h>

#include "check.h"
#include "lib/crypto/cpu.h"
#include "lib/smb3/signer.h"
#include "pseudo_random.h"
#include "samples.h"

enum { JOBS_MAX = 200, LEN_MAX = 3000, SIGNERS_MAX = 3 * CSIGN_BACKENDS_MAX * 4, ROUNDS = 400 };

/* What is wrong with a job. */
enum {
    NOTHING,
    NO_MESSAGE_ID,  /* the nonce rule */
    INTERIM,        /* likewise */
    NO_SESSION,     /* never signed */
    NO_PROTOCOL_ID, /* malformed */
    TOO_SHORT,
    NO_SIGNER,
    ZEROED_SIGNER,
    NO_MESSAGE,
    PART_WITHOUT_DATA,
    WRONG_LEN,   /* in parts, and not 64 */
    OVER_HEADER, /* a part lies over the header, which is no fault but for signing */
    FAULTS
};

static csign_signer signers[SIGNERS_MAX];
static const csign_signer zeroed;
static size_t signer_count;
static uint64_t state = 3;
static size_t same_len; /* of every message, unless 0 */
static bool in_one_piece;

typedef struct subject {
    uint8_t batch[LEN_MAX], single[LEN_MAX]; /* one message, twice */
    csign_bytes batch_parts[3], single_parts[3];
} subject;

static csign_job job(const csign_signer *signer, uint8_t *message, size_t len, csign_bytes parts[3], bool in_parts,
                     size_t cut, unsigned fault)
{
    csign_job j = {.signer = signer, .message = message, .len = len, .status = CSIGN_OK};
    if (in_parts && len >= 64) {
        parts[0] = (csign_bytes){message + 64, cut};
        parts[1] = (csign_bytes){NULL, 0};
        parts[2] = (csign_bytes){message + 64 + cut, len - 64 - cut};
        j.parts = parts;
        j.part_count = 3;
        j.len = fault == WRONG_LEN ? 65 : 64;
        if (fault == PART_WITHOUT_DATA) {
            parts[1].len = 1;
        }
        if (fault == OVER_HEADER) {
            parts[1] = (csign_bytes){message + 50, 14};
        }
    }
    if (fault == NO_MESSAGE) {
        j.message = NULL;
    }
    return j;
}

static void spoil(uint8_t *message, unsigned fault)
{
    switch (fault) {
    case NO_MESSAGE_ID:
        message[24] = 0;
        break;
    case INTERIM:
        message[16] |= 1;
        message[8] = 3;
        message[9] = 1; /* STATUS_PENDING */
        break;
    case NO_SESSION:
        message[40] = 0;
        break;
    case NO_PROTOCOL_ID:
        message[3] = 'b';
        break;
    default:
        break;
    }
}

static size_t draw_len(unsigned fault)
{
    if (same_len != 0 && fault != TOO_SHORT) {
        return same_len;
    }
    if (fault == TOO_SHORT) {
        return pseudo_random_below(&state, 64);
    }
    return 64 + pseudo_random_below(&state, pseudo_random_below(&state, 8) == 0 ? LEN_MAX - 63 : 300);
}

static void draw(subject *s, csign_job *batch, csign_job *single, bool failing)
{
    const unsigned fault =
        failing && pseudo_random_below(&state, 3) == 0 ? (unsigned)pseudo_random_below(&state, FAULTS) : NOTHING;
    const size_t len = draw_len(fault), cut = len < 64 ? 0 : pseudo_random_below(&state, len - 63);
    const bool in_parts = fault == WRONG_LEN || fault == PART_WITHOUT_DATA || fault == OVER_HEADER ||
                          (pseudo_random_below(&state, 3) == 0 && !in_one_piece);
    const csign_signer *signer = &signers[pseudo_random_below(&state, signer_count)];
    uint8_t whole[LEN_MAX];
    sample_message(whole, len < 64 ? 64 : len);
    pseudo_random_fill(&state, whole + 24, 8);
    whole[24] |= 1; /* a MessageId other than 0 */
    if (len > 64) {
        whole[64 + cut % (len - 64)] = (uint8_t)pseudo_random(&state);
    }
    spoil(whole, fault);
    memcpy(s->batch, whole, len);
    memcpy(s->single, whole, len);
    signer = fault == NO_SIGNER ? NULL : fault == ZEROED_SIGNER ? &zeroed : signer;
    *batch = job(signer, s->batch, len, s->batch_parts, in_parts, cut, fault);
    *single = job(signer, s->single, len, s->single_parts, in_parts, cut, fault);
}

static csign_status sign_one(const csign_job *j)
{
    if (j->part_count == 0) {
        return csign_sign(j->signer, j->message, j->len);
    }
    return j->len != 64 ? CSIGN_BAD_ARGUMENT : csign_sign_parts(j->signer, j->message, j->parts, j->part_count);
}

static csign_status verify_one(const csign_job *j)
{
    if (j->part_count == 0) {
        return csign_verify(j->signer, j->message, j->len);
    }
    return j->len != 64 ? CSIGN_BAD_ARGUMENT : csign_verify_parts(j->signer, j->message, j->parts, j->part_count);
}

static void compare(const csign_job *jobs, const csign_job *singles, const subject *subjects, size_t count, size_t said,
                    csign_status (*one)(const csign_job *))
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        const csign_status expected = one(&singles[i]);
        CHECK_STATUS(jobs[i].status, expected);
        CHECK_BYTES(subjects[i].batch, subjects[i].single, LEN_MAX);
        failed += expected != CSIGN_OK;
    }
    CHECK(said == failed);
}

/* Signs, verifies, turns bits of some and verifies again. */
static void one_round(subject *subjects, size_t count, bool failing)
{
    csign_job jobs[JOBS_MAX], singles[JOBS_MAX];
    for (size_t i = 0; i < count; i++) {
        draw(&subjects[i], &jobs[i], &singles[i], failing);
    }
    compare(jobs, singles, subjects, count, csign_sign_batch(jobs, count), sign_one);
    compare(jobs, singles, subjects, count, csign_verify_batch(jobs, count), verify_one);
    for (size_t i = 0; failing && i < count; i++) {
        if (pseudo_random_below(&state, 4) == 0) {
            const size_t at = 48 + pseudo_random_below(&state, 20);
            subjects[i].batch[at] ^= 4;
            subjects[i].single[at] ^= 4;
        }
    }
    compare(jobs, singles, subjects, count, csign_verify_batch(jobs, count), verify_one);
}

/* Four keys for each algorithm and each backend that runs here and has it. */
static void make_signers(void)
{
    static const csign_primitive primitives[] = {CSIGN_HMAC, CSIGN_CMAC, CSIGN_GMAC};
    for (uint32_t b = 0; csign_backends[b] != NULL; b++) {
        for (size_t a = 0; a < 3; a++) {
            if (csign_backend_missing(csign_backends[b]) != NULL ||
                !csign_backend_has(csign_backends[b], primitives[a])) {
                continue;
            }
            for (unsigned k = 0; k < 4; k++) {
                csign_signer *s = &signers[signer_count++];
                uint8_t key[16];
                memcpy(key, sample_key, sizeof key);
                key[k] ^= 0x11;
                CHECK_STATUS(csign_signer_init_by(s, b, sample_algorithms[a], key), CSIGN_OK);
                CHECK(strcmp(csign_backend_name(s), csign_backends[b]->name) == 0);
            }
        }
    }
}

/* As one backend's batch: all jobs go one way, under one key or four, their lengths the same or not. make_signers puts four keys in a row. */
static void uniform(subject *subjects)
{
    static csign_signer kept[SIGNERS_MAX];
    const size_t all = signer_count;
    memcpy(kept, signers, sizeof kept);
    for (size_t i = 0; i < all; i += 4) {
        memcpy(signers, &kept[i], 4 * sizeof kept[0]);
        for (size_t count = 1; count <= 70; count += 1 + count / 8) {
            signer_count = count % 2 == 0 ? 1 : 4;
            same_len = 0;
            one_round(subjects, count, false);
            for (same_len = 64; same_len < 400; same_len += 1 + (same_len + count) % 29) {
                in_one_piece = same_len % 3 != 0;
                one_round(subjects, count, same_len % 2 == 0);
            }
        }
    }
    same_len = 0;
    in_one_piece = false;
    signer_count = all;
    memcpy(signers, kept, sizeof kept);
}

/* A processor with no more than one backend needs: what the library chooses then signs as the portable one does. */
static void limited(subject *subjects)
{
    csign_cpu_limit(UINT32_MAX);
    for (size_t b = 0; csign_backends[b] != NULL; b++) {
        csign_cpu_limit(csign_backends[b]->needs | csign_backends[b]->suits);
        for (size_t a = 0; a < 3; a++) {
            csign_signer chosen, portable;
            CHECK_STATUS(csign_signer_init(&chosen, sample_algorithms[a], sample_key), CSIGN_OK);
            CHECK_STATUS(csign_signer_init_by(&portable, 0, sample_algorithms[a], sample_key), CSIGN_OK);
            for (size_t len = 64; len < 900; len += 37) {
                sample_message(subjects->batch, len);
                sample_message(subjects->single, len);
                CHECK_STATUS(csign_sign(&chosen, subjects->batch, len), CSIGN_OK);
                CHECK_STATUS(csign_sign(&portable, subjects->single, len), CSIGN_OK);
                CHECK_BYTES(subjects->batch, subjects->single, len);
            }
        }
        csign_cpu_limit(UINT32_MAX);
    }
}

int main(void)
{
    subject *subjects = calloc(JOBS_MAX, sizeof *subjects);
    if (subjects == NULL) {
        return 2;
    }
    make_signers();
    for (size_t round = 0; round < ROUNDS; round++) {
        const size_t count = round <= JOBS_MAX ? round : pseudo_random_below(&state, JOBS_MAX + 1);
        one_round(subjects, count, round % 4 != 0);
    }
    uniform(subjects);
    limited(subjects);
    free(subjects);
    return CHECK_RESULT();
}
