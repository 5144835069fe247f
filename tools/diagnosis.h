/* SPDX-License-Identifier: Apache-2.0 */
/* Why a message of a capture does not verify: lib/diagnose with what the conversation knows. What has explained one message of a
   session is tried first on the next, so that a session full of bad signatures is searched once. */
#ifndef COUNTERSIGN_TOOLS_DIAGNOSIS_H
#define COUNTERSIGN_TOOLS_DIAGNOSIS_H

#include "conversation.h"
#include "countersign/diagnose.h"

typedef struct diagnosis {
    csign_claim claim; /* as it was searched; borrows */
    csign_diagnosis found;
    const char *sentence; /* "verifies when ...", or what was tried; lives as long as the conversation's world */
    bool earlier;         /* what explained an earlier message of the session explains this one */
} diagnosis;

/* An element of a message that does not verify. */
typedef struct diagnosis_subject {
    size_t frame;                     /* its number */
    csign_bytes message;              /* the whole of it */
    size_t offset, len;               /* the element */
    const uint8_t *request_signature; /* 16 bytes of the request that it answers; NULL: not known */
} diagnosis_subject;

/* diagnosis_make looks for the mistakes behind a signature that no key of ring verifies. False: it was not searched, because no
   key is known, the messages of its setup are not, or the session has had its searches. Wipe *out, which holds keys. */
bool diagnosis_make(diagnosis *out, conversation *c, keyring *ring, const diagnosis_subject *subject);

/* diagnosis_sentence writes "verifies when A, and B" for some mistakes; returns out. */
char *diagnosis_sentence(char *out, size_t out_len, const csign_mistake *mistakes, size_t count);

/* diagnosis_tried writes what a search has tried without success; returns out. */
char *diagnosis_tried(char *out, size_t out_len, const csign_diagnosis *found);

#endif
