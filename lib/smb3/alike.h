/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of a batch that are alike: of one length, each in one piece, under one algorithm by one backend that has a shorter way for them.
   Short ones are over before a window would be sorted and its lanes filled. How many are worth taking together was measured. */
#ifndef COUNTERSIGN_SMB3_ALIKE_H
#define COUNTERSIGN_SMB3_ALIKE_H

#include "../crypto/build.h"
#include "message_rules.h"
#include "signer.h"

enum { ALIKE = 16 };

static inline bool same_way(const csign_signer *a, const csign_signer *b)
{
    return a->kind == b->kind && a->backend == b->backend;
}

/* Measured: so many messages of CMAC are done sooner one by one than in lanes, most of which would idle. Lanes with a key each take longer
   to fill. */
static inline size_t too_few(size_t len, bool one_key)
{
    if (len > 256) {
        return 1;
    }
    if (one_key) {
        return len > 96 ? 3 : 4;
    }
    return len > 160 ? 3 : len > 96 ? 5 : 10;
}

typedef struct likes {
    size_t count;                      /* with their tags */
    size_t alone;                      /* done sooner one by one */
    const csign_cmac_key *keys[ALIKE]; /* for AES-CMAC */
    csign_nonce nonces[ALIKE];         /* for AES-GMAC */
    const uint8_t *messages[ALIKE];
    uint8_t tags[ALIKE][16];
} likes;

static inline bool have_shorter_way(const csign_signer *signer)
{
#if defined(CSIGN_HAVE_ALIKE)
    const csign_backend *by = csign_signer_backend(signer);
    switch (csign_signer_algorithm(signer)) {
    case CSIGN_AES_CMAC:
        return by->cmac_alike != NULL;
    case CSIGN_AES_GMAC:
        return by->gmac_alike != NULL;
    default: /* CSIGN_HMAC_SHA256 */
        return false;
    }
#else
    (void)signer;
    return false;
#endif
}

/* Puts a job among those that are alike. */
static inline void like(likes *a, size_t i, const csign_job *job, csign_signing_algorithm algorithm)
{
    a->messages[i] = job->message;
    if (algorithm == CSIGN_AES_CMAC) {
        a->keys[i] = &job->signer->state.cmac;
    } else {
        a->nonces[i] = csign_signer_nonce(job->message);
    }
}

/* Measured: for AES-GMAC, which takes four at a time, only many short messages under one key are worth it. */
enum { GMAC_MANY = 12 };

/* How many of n messages that are alike are worth while taking together. */
static inline size_t worth_while(size_t n, size_t len, csign_signing_algorithm algorithm, bool one_key)
{
    if (algorithm == CSIGN_AES_CMAC) {
        return n > too_few(len, one_key) ? n : 0;
    }
    return n < GMAC_MANY ? 0 : n - n % 4;
}

/* Takes as many of the first jobs as are alike and computes their tags; none if there are too few for it to be worth while. */
static inline void compute_alike(likes *a, csign_job *jobs, size_t count, bool to_sign)
{
    const csign_signer *const signer = jobs[0].signer;
    const size_t len = jobs[0].len;
    size_t n = 0;
    bool one_key = true;
    a->count = a->alone = 0;
    if (!csign_signer_usable(signer) || !have_shorter_way(signer) || len < CSIGN_HEADER_LEN) {
        return;
    }
    const csign_signing_algorithm algorithm = csign_signer_algorithm(signer);
    for (; n < ALIKE && n < count; n++) {
        csign_job *const job = &jobs[n];
        if (job->part_count != 0 || job->len != len || job->message == NULL ||
            (job->signer != signer &&
             !(algorithm == CSIGN_AES_CMAC && job->signer != NULL && same_way(job->signer, signer)))) {
            break;
        }
        if ((to_sign ? csign_message_signable(job->message, len, algorithm)
                     : csign_message_verifiable(job->message, len)) != CSIGN_OK) {
            break;
        }
        like(a, n, job, algorithm);
        one_key &= job->signer == signer;
    }
    /* A few of many are left to the window, whose lanes the others fill; AES-GMAC has no lanes. */
    if (algorithm == CSIGN_AES_CMAC && n < ALIKE / 2 && n < count) {
        return;
    }
    const size_t together = worth_while(n, len, algorithm, one_key);
    a->alone = n - together;
    n = together;
    if (n == 0) {
        return;
    }
    for (size_t i = n; i < ALIKE; i++) {
        like(a, i, &jobs[0], algorithm);
    }
    a->count = n;
    if (algorithm == CSIGN_AES_CMAC) {
        csign_signer_backend(signer)->cmac_alike(a->keys, a->messages, len, n, a->tags);
    } else {
        csign_signer_backend(signer)->gmac_alike(&signer->state.gmac, a->nonces, a->messages, len, n, a->tags);
    }
}

#endif
