/* SPDX-License-Identifier: Apache-2.0 */
/* What the search knows of each mistake: which one thing it concerns, and what must be there for it to be made. Two
   mistakes about one thing exclude each other, so a recipe holds one choice for each thing. */
#ifndef COUNTERSIGN_DIAGNOSE_MISTAKES_H
#define COUNTERSIGN_DIAGNOSE_MISTAKES_H

#include "../include/countersign/diagnose.h"

/* The things that a signer can get wrong, one at a time. */
typedef enum csign_thing {
    THING_ALGORITHM,
    THING_TAG,
    THING_AUTHENTICATION,
    THING_SESSION_KEY,
    THING_DERIVATION,
    THING_PURPOSE,
    THING_LABEL,
    THING_CONTEXT,
    THING_LENGTH,
    THING_COUNTER,
    THING_SEPARATOR,
    THING_DERIVED_BYTES,
    THING_PREAUTH_START,
    THING_PREAUTH_END,
    THING_PREAUTH_BYTES,
    THING_NONCE_BITS,
    THING_NONCE_MESSAGE_ID,
    THING_RANGE,
    THING_SIGNATURE_FIELD,
    THING_SIGNED_FLAG,
    THING_PRIORITY,
    THING_LATE_FIELD,
    THING_COUNT
} csign_thing;

/* What a claim, or the other mistakes made with it, must have for a mistake to make a difference. */
#define HAS_NOT_HMAC (UINT64_C(1) << 0) /* the right algorithm is another */
#define HAS_NOT_CMAC (UINT64_C(1) << 1)
#define HAS_NOT_GMAC (UINT64_C(1) << 2)
#define HAS_NOT_3_0 (UINT64_C(1) << 3) /* 2.x or 3.1.1 */
#define HAS_NOT_3_1_1 (UINT64_C(1) << 4)
#define HAS_3_X (UINT64_C(1) << 5)
#define HAS_CHANNEL (UINT64_C(1) << 6)
#define HAS_SESSION (UINT64_C(1) << 7) /* not a bound channel's key */
#define HAS_OTHER_SESSION (UINT64_C(1) << 8)
#define HAS_SAME_SESSION (UINT64_C(1) << 9)
#define HAS_OTHER_KEY (UINT64_C(1) << 10)
#define HAS_OTHER_PREAUTH (UINT64_C(1) << 11)
#define HAS_PREAUTH (UINT64_C(1) << 12) /* messages for the hash */
#define HAS_FINAL (UINT64_C(1) << 13)
#define HAS_SETUP_RESPONSE (UINT64_C(1) << 14)   /* among what is hashed */
#define HAS_HASHED_SIGNATURE (UINT64_C(1) << 15) /* one that is not zeros, in what may be hashed */
#define HAS_HASHED_ODD_8 (UINT64_C(1) << 16)     /* a length that is not a multiple of 8, likewise */
#define HAS_SERVER (UINT64_C(1) << 17)
#define HAS_CLIENT (UINT64_C(1) << 18)
#define HAS_CANCEL (UINT64_C(1) << 19)
#define HAS_NOT_CANCEL (UINT64_C(1) << 20)
#define HAS_BITS (UINT64_C(1) << 21) /* server or CANCEL: the nonce has bits */
#define HAS_ASYNC (UINT64_C(1) << 22)
#define HAS_FOLLOWING (UINT64_C(1) << 23) /* elements behind it in the frame */
#define HAS_PRECEDING (UINT64_C(1) << 24)
#define HAS_BODY (UINT64_C(1) << 25)
#define HAS_ODD_8 (UINT64_C(1) << 26) /* a length that is not a multiple of 8 */
#define HAS_ODD_16 (UINT64_C(1) << 27)
#define HAS_REQUEST_SIGNATURE (UINT64_C(1) << 28)
#define HAS_PRIORITY (UINT64_C(1) << 29)
#define HAS_NEXT (UINT64_C(1) << 30) /* NextCommand is not 0; likewise below */
#define HAS_MESSAGE_ID (UINT64_C(1) << 31)
#define HAS_SESSION_ID (UINT64_C(1) << 32)
#define HAS_TREE_ID (UINT64_C(1) << 33)
#define HAS_CREDIT_CHARGE (UINT64_C(1) << 34)
#define HAS_STATUS (UINT64_C(1) << 35)
#define HAS_FLAGS (UINT64_C(1) << 36) /* any but SIGNED */
#define HAS_CREDITS (UINT64_C(1) << 37)
/* These depend on the other mistakes too. */
#define HAS_OF_RECIPE (~((UINT64_C(1) << 38) - 1))
#define HAS_HMAC (UINT64_C(1) << 38)
#define HAS_GMAC (UINT64_C(1) << 39)
#define HAS_LONG_KEY (UINT64_C(1) << 40)   /* over 16 bytes */
#define HAS_ANY_LENGTH (UINT64_C(1) << 41) /* the session key goes into an HMAC, which takes any length */
#define HAS_DERIVED (UINT64_C(1) << 42)
#define HAS_STRING_CONTEXT (UINT64_C(1) << 43)  /* with the fixed context of 3.0 */
#define HAS_PREAUTH_CONTEXT (UINT64_C(1) << 44) /* with a preauthentication hash */
#define HAS_OWN_PREAUTH (UINT64_C(1) << 45)     /* with that of the claim's messages */

typedef struct csign_mistake_entry {
    csign_thing thing;
    uint64_t needs; /* HAS_... */
    const char *name, *text, *advice;
} csign_mistake_entry;

/* csign_mistake_at returns the entry of a mistake; of what is none, one without needs. */
const csign_mistake_entry *csign_mistake_at(csign_mistake mistake);

#endif
