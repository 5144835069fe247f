/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in parts and in batches: the results of one whole message at a time. */
#include "check.h"
#include "samples.h"

enum { LEN = 150, BODY = LEN - 64 };

/* The body cut at a and b, an empty part between. */
static void every_cut(const csign_signer *signer)
{
    uint8_t whole[LEN];
    sample_message(whole, LEN);
    CHECK_STATUS(csign_sign(signer, whole, LEN), CSIGN_OK);
    for (size_t a = 0; a <= BODY; a++) {
        for (size_t b = a; b <= BODY; b += 5) {
            uint8_t header[64];
            uint8_t tag[16];
            const csign_bytes parts[4] = {
                {whole + 64, a}, {NULL, 0}, {whole + 64 + a, b - a}, {whole + 64 + b, BODY - b}};
            sample_message(header, 64);
            CHECK_STATUS(csign_sign_parts(signer, header, parts, 4), CSIGN_OK);
            CHECK_BYTES(header, whole, 64);
            CHECK_STATUS(csign_verify_parts(signer, header, parts, 4), CSIGN_OK);
            CHECK_STATUS(csign_mac(signer, tag, header, parts, 4), CSIGN_OK);
            CHECK_BYTES(tag, whole + 48, 16);
            CHECK(csign_verify_parts(signer, header, parts, 3) == (b == BODY ? CSIGN_OK : CSIGN_BAD_SIGNATURE));
        }
    }
}

static void arguments(const csign_signer *signer)
{
    uint8_t message[LEN];
    uint8_t before[LEN];
    sample_message(message, LEN);
    memcpy(before, message, LEN);
    const csign_bytes body = {message + 64, BODY};
    const csign_bytes contradiction = {NULL, 1};
    const csign_bytes endless[2] = {{message, SIZE_MAX - 32}, {message, 64}};
    CHECK_STATUS(csign_sign_parts(NULL, message, &body, 1), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_sign_parts(signer, NULL, &body, 1), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_sign_parts(signer, message, NULL, 1), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_sign_parts(signer, message, &contradiction, 1), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_verify_parts(NULL, message, &body, 1), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_verify_parts(signer, NULL, &body, 1), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_verify_parts(signer, message, NULL, 1), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_verify_parts(signer, message, &contradiction, 1), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_verify_parts(signer, message, endless, 2), CSIGN_BAD_ARGUMENT);
    /* A part over the header, by one byte or whole. */
    for (size_t at = 0; at < 64; at += 21) {
        const csign_bytes over = {message + at, BODY};
        CHECK_STATUS(csign_sign_parts(signer, message, &over, 1), CSIGN_BAD_ARGUMENT);
    }
    const csign_bytes in_front = {message, 8};
    CHECK_STATUS(csign_sign_parts(signer, message + 7, &in_front, 1), CSIGN_BAD_ARGUMENT);
    CHECK_BYTES(message, before, LEN);
    /* Directly behind it, and an empty one inside it, do not overlap. */
    const csign_bytes beside[2] = {{message + 64, BODY}, {message + 8, 0}};
    CHECK_STATUS(csign_sign_parts(signer, message, beside, 2), CSIGN_OK);
    CHECK_STATUS(csign_verify(signer, message, LEN), CSIGN_OK);
    CHECK_STATUS(csign_sign_parts(signer, message, NULL, 0), CSIGN_OK);
    CHECK_STATUS(csign_verify(signer, message, 64), CSIGN_OK);
}

enum { JOBS = 40 };

static csign_signer signers[3];
static uint8_t messages[JOBS][LEN];
static csign_bytes bodies[JOBS];
static csign_job jobs[JOBS];

/* Jobs of all kinds and lengths, some of them in parts, some that must fail; expected: what one call each gives. */
static size_t make_jobs(csign_status expected[JOBS])
{
    size_t bad = 0;
    for (size_t i = 0; i < JOBS; i++) {
        uint8_t copy[LEN];
        size_t len = 64 + 2 * i;
        sample_message(messages[i], LEN);
        messages[i][24] = (uint8_t)(i % 7); /* MessageId 0 is refused */
        bodies[i] = sample_bytes(messages[i] + 64, len - 64);
        memset(&jobs[i], 0, sizeof jobs[i]);
        jobs[i].signer = i == 11 ? NULL : &signers[i % 3];
        jobs[i].message = i == 13 ? NULL : messages[i];
        jobs[i].len = i == 17 ? 63 : len;
        jobs[i].status = CSIGN_OK;
        if (i % 2 == 1 && i != 17) {
            jobs[i].parts = &bodies[i];
            jobs[i].part_count = 1;
            jobs[i].len = i == 19 ? 65 : 64; /* in parts len is the header's */
        }
        memcpy(copy, messages[i], LEN);
        expected[i] = csign_sign(jobs[i].signer, jobs[i].message == NULL ? NULL : copy, i == 17 ? 63 : len);
        if (i == 19) {
            expected[i] = CSIGN_BAD_ARGUMENT;
        }
        bad += expected[i] != CSIGN_OK;
    }
    return bad;
}

static void batches(void)
{
    csign_status expected[JOBS];
    size_t bad = make_jobs(expected);
    CHECK(bad >= 8 && bad < JOBS);
    CHECK(csign_sign_batch(jobs, JOBS) == bad);
    for (size_t i = 0; i < JOBS; i++) {
        CHECK(jobs[i].status == expected[i]);
        if (expected[i] == CSIGN_OK) {
            CHECK_STATUS(csign_verify(&signers[i % 3], messages[i], 64 + 2 * i), CSIGN_OK);
        }
    }
    static uint8_t before[JOBS][LEN];
    messages[22][70] ^= 1;
    memcpy(before, messages, sizeof before);
    for (size_t i = 0; i < JOBS; i++) {
        jobs[i].status = CSIGN_OK;
    }
    bad = csign_verify_batch(jobs, JOBS);
    size_t counted = 0;
    for (size_t i = 0; i < JOBS; i++) {
        csign_status one =
            i == 19 ? CSIGN_BAD_ARGUMENT : csign_verify(jobs[i].signer, jobs[i].message, i == 17 ? 63 : 64 + 2 * i);
        CHECK(jobs[i].status == one);
        counted += one != CSIGN_OK;
    }
    CHECK(counted == bad && jobs[22].status == CSIGN_BAD_SIGNATURE);
    CHECK_BYTES(messages, before, sizeof before);
    CHECK(csign_sign_batch(NULL, 3) == 3 && csign_verify_batch(NULL, 3) == 3);
    CHECK(csign_sign_batch(NULL, 0) == 0 && csign_verify_batch(jobs, 0) == 0);
}

int main(void)
{
    for (size_t i = 0; i < 3; i++) {
        CHECK_STATUS(csign_signer_init(&signers[i], sample_algorithms[i], sample_key), CSIGN_OK);
        every_cut(&signers[i]);
        arguments(&signers[i]);
    }
    batches();
    return CHECK_RESULT();
}
