/* SPDX-License-Identifier: Apache-2.0 */
/* Eight threads share three const signers for sign, verify and batch, and make signers, sessions and hashes of their own at the same time. Each
   result is the one computed before the threads started. Under TSan any write that they share is a report: race_planted_test shows that it is
   seen. */
#include <pthread.h>

#include "check.h"
#include "samples.h"

enum { THREADS = 8, ROUNDS = 60, LEN = 113, JOBS = 6 };

static csign_signer shared[3]; /* written before the threads start, then only read */
static uint8_t expected[3][LEN];
static uint8_t expected_digest[64];
static csign_session expected_session;

static const csign_negotiated agreed = {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, true, CSIGN_AES_256_GCM, true, 1};

/* Counted by each thread for itself; joined in main. */
typedef struct tally {
    unsigned long checks, failures;
} tally;

static void count(tally *t, bool good)
{
    t->checks++;
    t->failures += !good;
}

static void one_message(tally *t, size_t which)
{
    uint8_t message[LEN];
    sample_message(message, LEN);
    count(t, csign_sign(&shared[which], message, LEN) == CSIGN_OK);
    count(t, memcmp(message, expected[which], LEN) == 0);
    count(t, csign_verify(&shared[which], message, LEN) == CSIGN_OK);
    message[90] ^= 1;
    count(t, csign_verify(&shared[which], message, LEN) == CSIGN_BAD_SIGNATURE);
}

static void one_batch(tally *t)
{
    uint8_t messages[JOBS][LEN];
    csign_job jobs[JOBS];
    memset(jobs, 0, sizeof jobs);
    for (size_t i = 0; i < JOBS; i++) {
        sample_message(messages[i], LEN);
        jobs[i].signer = &shared[i % 3];
        jobs[i].message = messages[i];
        jobs[i].len = LEN;
    }
    count(t, csign_sign_batch(jobs, JOBS) == 0);
    count(t, csign_verify_batch(jobs, JOBS) == 0);
    for (size_t i = 0; i < JOBS; i++) {
        count(t, memcmp(messages[i], expected[i % 3], LEN) == 0);
    }
}

static void own_objects(tally *t)
{
    csign_signer own;
    csign_session session;
    csign_preauth chain;
    uint8_t message[LEN];
    for (size_t i = 0; i < 3; i++) {
        sample_message(message, LEN);
        count(t, csign_signer_init(&own, sample_algorithms[i], sample_key) == CSIGN_OK);
        count(t, csign_sign(&own, message, LEN) == CSIGN_OK);
        count(t, memcmp(message, expected[i], LEN) == 0);
        csign_signer_wipe(&own);
    }
    csign_preauth_init(&chain);
    csign_preauth_update(&chain, sample_bytes(expected[0], LEN));
    count(t, memcmp(chain.value, expected_digest, 64) == 0);
    count(t, csign_session_derive(&session, &agreed, sample_bytes(sample_key, 16), chain.value) == CSIGN_OK);
    count(t, memcmp(&session.signing, &expected_session.signing, sizeof session.signing) == 0);
    csign_session_wipe(&session);
}

static void *work(void *argument)
{
    tally *t = argument;
    for (unsigned round = 0; round < ROUNDS; round++) {
        one_message(t, round % 3);
        one_batch(t);
        own_objects(t);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    tally tallies[THREADS];
    csign_preauth chain;
    for (size_t i = 0; i < 3; i++) {
        CHECK_STATUS(csign_signer_init(&shared[i], sample_algorithms[i], sample_key), CSIGN_OK);
        sample_message(expected[i], LEN);
        CHECK_STATUS(csign_sign(&shared[i], expected[i], LEN), CSIGN_OK);
    }
    csign_preauth_init(&chain);
    csign_preauth_update(&chain, sample_bytes(expected[0], LEN));
    memcpy(expected_digest, chain.value, 64);
    CHECK_STATUS(csign_session_derive(&expected_session, &agreed, sample_bytes(sample_key, 16), chain.value), CSIGN_OK);

    memset(tallies, 0, sizeof tallies);
    for (size_t i = 0; i < THREADS; i++) {
        if (!CHECK(pthread_create(&threads[i], NULL, work, &tallies[i]) == 0)) {
            return 1;
        }
    }
    for (size_t i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        CHECK(tallies[i].checks >= ROUNDS * (4u + 2 + JOBS + 9 + 3) && tallies[i].failures == 0);
    }
    return CHECK_RESULT();
}
