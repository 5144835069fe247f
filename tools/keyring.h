/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that may have signed or encrypted the messages of one session on one connection, until one of them has proven itself by
   a signature that it verifies or a message that it opens. There is more than one candidate when the key file has several
   lines for a session (the others belong to bound channels) and when the capture does not show the dialect. */
#ifndef COUNTERSIGN_TOOLS_KEYRING_H
#define COUNTERSIGN_TOOLS_KEYRING_H

#include <stdbool.h>

#include "countersign/countersign.h"
#include "keyfile.h"
#include "countersign/diagnose.h"
#include "report.h"
#include "transcript.h"
#include "transform.h"

typedef struct key_candidate {
    const char *source; /* "key file", "password", ... */
    bool signs;         /* false: only cipher keys are known */
    csign_signer signer;
    csign_signing_algorithm algorithm;
    csign_dialect dialect; /* that the signing key is of */
    csign_key session_key; /* as authentication produced it; no more than 32 bytes, which is what there is */
    csign_cipher cipher;   /* NONE: not known, or none negotiated */
    csign_key client_to_server, server_to_client;
    bool ciphers_apart; /* they are not made from session_key */
} key_candidate;

/* Mistakes that have explained a signature of a ring's session. */
typedef struct known_mistakes {
    csign_mistake mistakes[3];
    size_t count;
    const char *sentence;
} known_mistakes;

#define CIPHER_SEARCHES 4u /* for one session: what does not open after that is not looked at (transform_mistake.h) */

typedef struct keyring {
    size_t holders; /* lists of sessions that it is in */
    uint64_t session_id;
    key_candidate *candidates;
    size_t count, capacity;
    size_t chosen; /* the candidate that has proven itself; KEYRING_NONE: none yet */
    bool definite; /* what candidates[0] does not verify is bad, rather than signed with a key that is not known */
    bool channel;  /* keys of a bound channel */
    bool guessed;  /* the session's setup has not been seen */
    bool signing_required; /* by its SESSION_SETUP */
    const char *why;       /* why there is no candidate, or why none is definite */

    /* what a key file's line that comes later would be made a candidate with */
    size_t version; /* of the key files that have been asked */
    bool late;      /* a line may help, and the rest is there: */
    csign_negotiated negotiated;
    csign_preauth chain;
    bool chain_known;

    /* For diagnoses, where they are made (diagnosis.h): the messages in chain while the connection is open; hash and session key of
       a channel bound to this session (key of len 0: one of candidates); what was found. */
    transcript setup;
    bool bound;
    csign_preauth bound_hash;
    csign_key bound_key;
    known_mistakes *known; /* room for DIAGNOSE_SEARCHES_MAX, if any */
    size_t known_count, searches, cipher_searches;
} keyring;

#define KEYRING_NONE SIZE_MAX

keyring *keyring_new(uint64_t session_id);
void keyring_free(keyring *ring);

/* keyring_source says where the key comes from that has proven itself, or that is beyond doubt; NULL: there is none. */
const char *keyring_source(const keyring *ring);

/* keyring_add derives a candidate from a session key and what was negotiated; preauth may be NULL below 3.1.1. negotiated may be
   NULL: then only cipher keys that the line itself has are of use. Adds nothing where nothing can be derived. */
void keyring_add(keyring *ring, const keyfile_line *line, const csign_negotiated *negotiated,
                 const csign_preauth *preauth);

/* keyring_clear forgets the candidates. */
void keyring_clear(keyring *ring);

/* keyring_proven says whether one of the keys has verified a signature or opened an encrypted message. */
bool keyring_proven(const keyring *ring);

/* keyring_judge gives the verdict on one message element, and algorithm, key and why beside it. ring may be NULL: no key.
   doubt: NULL, or why another key may have signed, whatever the ring says. Whether a response mirrors its request, or
   the element came encrypted, is for the caller to find out. */
void keyring_judge(keyring *ring, csign_bytes element, const char *doubt, judged_message *out);

/* Who sent a message, as far as is known. */
typedef enum sender { SENDER_UNKNOWN, SENDER_CLIENT, SENDER_SERVER } sender;

/* keyring_open decrypts a message into plain, which has room for the ciphertext's length, and returns the cipher. CSIGN_CIPHER_NONE: no key
   opens it; then *out has the verdict (`encrypted`, or `bad` if the key is beyond doubt) and the why. ring may be NULL. */
csign_cipher keyring_open(keyring *ring, const transform *t, sender from, uint8_t *plain, judged_message *out);

#endif
