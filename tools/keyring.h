/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that may have signed the messages of one session on one connection, until one of them has proven itself by a
   signature that it verifies. There is more than one candidate when the key file has several lines for a session (the
   others belong to bound channels) and when the capture does not show the dialect. */
#ifndef COUNTERSIGN_TOOLS_KEYRING_H
#define COUNTERSIGN_TOOLS_KEYRING_H

#include <stdbool.h>

#include "countersign/countersign.h"
#include "keyfile.h"
#include "report.h"

typedef struct key_candidate {
    csign_signer signer;
    csign_signing_algorithm algorithm;
} key_candidate;

typedef struct keyring {
    struct keyring *next;
    key_candidate *candidates;
    size_t count;
    size_t chosen;   /* the candidate that has proven itself; count: none yet */
    bool definite;   /* what candidates[0] does not verify is bad, rather than signed with a key that is not known */
    bool channel;    /* keys of a bound channel */
    bool guessed;    /* the session's setup has not been seen */
    const char *why; /* why there is no candidate, or why none is definite */
} keyring;

/* keyring_new derives the candidates for a session from its key file lines, with one of the parameter sets after another. preauth
   may be NULL below 3.1.1. */
keyring *keyring_new(const keyfile *keys, uint64_t session_id, const csign_negotiated *negotiated,
                     size_t negotiated_count, const csign_preauth *preauth);

void keyring_free(keyring *ring);

/* keyring_proven says whether one of the keys has verified a signature. */
bool keyring_proven(const keyring *ring);

/* keyring_judge gives the verdict on one message element, and algorithm, key and why beside it. ring may be NULL: no key.
   doubt: NULL, or why another key may have signed, whatever the ring says. Whether a response mirrors its request is the
   caller's to find out. */
void keyring_judge(keyring *ring, csign_bytes element, const char *doubt, judged_message *out);

#endif
