/* SPDX-License-Identifier: Apache-2.0 */
/* Why a signature does not verify: which mistake of its signer reproduces it. The mistakes are those that
   implementations of MS-SMB2 3.1.4.1 (signing), 3.1.4.2 (keys) and 3.1.4.4.1 (preauthentication hash) have made.
   Every one of them, every two and every three that concern different things are tried, the fewest first, until
   the MAC made with them equals the claimed signature: 128 bits do not agree by chance.

   Not part of countersign.h: its own target, for tools and tests; nothing that signs or verifies needs it. No
   allocation: the working memory is the caller's scratch buffer, which is wiped at the end. NOT constant time, and meant
   for whoever holds the keys already; what is found holds keys too. */
#ifndef COUNTERSIGN_DIAGNOSE_H
#define COUNTERSIGN_DIAGNOSE_H

#include <stdbool.h>

#include "bytes.h"
#include "keys.h"
#include "status.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* csign_mistake: one mistake of a signer. csign_mistake_text says each in words. */
typedef enum csign_mistake {
    CSIGN_MISTAKE_NONE = 0,
    /* the algorithm */
    CSIGN_MISTAKE_ALGORITHM_HMAC_SHA256,
    CSIGN_MISTAKE_ALGORITHM_AES_CMAC,
    CSIGN_MISTAKE_ALGORITHM_AES_GMAC,
    CSIGN_MISTAKE_HMAC_LAST_BYTES,
    /* whose key */
    CSIGN_MISTAKE_SESSION_FOR_CHANNEL,
    CSIGN_MISTAKE_CHANNEL_FOR_SESSION,
    CSIGN_MISTAKE_OTHER_SESSION_KEY,
    CSIGN_MISTAKE_OTHER_PREAUTH,
    CSIGN_MISTAKE_OTHER_SIGNING_KEY,
    /* the session key */
    CSIGN_MISTAKE_KEY_NOT_TRUNCATED,
    CSIGN_MISTAKE_KEY_LAST_BYTES,
    CSIGN_MISTAKE_KEY_ZERO,
    /* its derivation */
    CSIGN_MISTAKE_KEY_NOT_DERIVED,
    CSIGN_MISTAKE_DERIVED_AS_3_0,
    CSIGN_MISTAKE_DERIVED_AS_3_1_1,
    CSIGN_MISTAKE_PURPOSE_APPLICATION,
    CSIGN_MISTAKE_PURPOSE_CLIENT_TO_SERVER,
    CSIGN_MISTAKE_PURPOSE_SERVER_TO_CLIENT,
    CSIGN_MISTAKE_LABEL_WITHOUT_NUL,
    CSIGN_MISTAKE_LABEL_OF_OTHER_DIALECT,
    CSIGN_MISTAKE_LABEL_AND_CONTEXT_SWAPPED,
    CSIGN_MISTAKE_CONTEXT_WITHOUT_NUL,
    CSIGN_MISTAKE_CONTEXT_APPLICATION,
    CSIGN_MISTAKE_CONTEXT_SERVER_IN,
    CSIGN_MISTAKE_CONTEXT_SERVER_OUT,
    CSIGN_MISTAKE_CONTEXT_SIGNING,
    CSIGN_MISTAKE_CONTEXT_EMPTY,
    CSIGN_MISTAKE_CONTEXT_ZERO,
    CSIGN_MISTAKE_LENGTH_256,
    CSIGN_MISTAKE_LENGTH_IN_BYTES,
    CSIGN_MISTAKE_LENGTH_LITTLE_ENDIAN,
    CSIGN_MISTAKE_LENGTH_MISSING,
    CSIGN_MISTAKE_COUNTER_ZERO,
    CSIGN_MISTAKE_COUNTER_LITTLE_ENDIAN,
    CSIGN_MISTAKE_COUNTER_MISSING,
    CSIGN_MISTAKE_SEPARATOR_MISSING,
    CSIGN_MISTAKE_DERIVED_LAST_BYTES,
    /* the preauthentication hash */
    CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE,
    CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE_REQUEST,
    CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE_RESPONSE,
    CSIGN_MISTAKE_PREAUTH_WITHOUT_ZEROS,
    CSIGN_MISTAKE_PREAUTH_WITH_FINAL_RESPONSE,
    CSIGN_MISTAKE_PREAUTH_WITHOUT_LAST_REQUEST,
    CSIGN_MISTAKE_PREAUTH_WITHOUT_FIRST_REQUEST,
    CSIGN_MISTAKE_PREAUTH_WITHOUT_SETUP_RESPONSES,
    CSIGN_MISTAKE_PREAUTH_NEGOTIATE_ONLY,
    CSIGN_MISTAKE_PREAUTH_PADDED,
    CSIGN_MISTAKE_PREAUTH_SIGNATURE_ZEROED,
    CSIGN_MISTAKE_PREAUTH_WITH_TRANSPORT_HEADER,
    CSIGN_MISTAKE_PREAUTH_HASHED_AT_ONCE,
    CSIGN_MISTAKE_PREAUTH_HASHED_AT_ONCE_BARE,
    /* the nonce of AES-GMAC */
    CSIGN_MISTAKE_NONCE_WITHOUT_ROLE,
    CSIGN_MISTAKE_NONCE_WITH_ROLE,
    CSIGN_MISTAKE_NONCE_WITHOUT_CANCEL,
    CSIGN_MISTAKE_NONCE_CANCEL_FROM_ASYNC,
    CSIGN_MISTAKE_NONCE_BITS_SWAPPED,
    CSIGN_MISTAKE_NONCE_BITS_HIGH,
    CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_9,
    CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_10,
    CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_11,
    CSIGN_MISTAKE_NONCE_BITS_IN_BYTES_10_AND_11,
    CSIGN_MISTAKE_NONCE_BITS_HIGH_IN_BYTE_11,
    CSIGN_MISTAKE_NONCE_MESSAGE_ID_BIG_ENDIAN,
    CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_28,
    CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_16,
    CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_20,
    CSIGN_MISTAKE_NONCE_SESSION_ID,
    CSIGN_MISTAKE_NONCE_ASYNC_ID,
    CSIGN_MISTAKE_NONCE_MESSAGE_ID_LAST,
    CSIGN_MISTAKE_NONCE_ZERO,
    /* what is covered */
    CSIGN_MISTAKE_RANGE_TO_FRAME_END,
    CSIGN_MISTAKE_RANGE_FROM_FRAME_START,
    CSIGN_MISTAKE_RANGE_WHOLE_FRAME,
    CSIGN_MISTAKE_RANGE_ROUNDED_DOWN_TO_8,
    CSIGN_MISTAKE_RANGE_ROUNDED_DOWN_TO_16,
    CSIGN_MISTAKE_RANGE_SHORT_1,
    CSIGN_MISTAKE_RANGE_SHORT_2,
    CSIGN_MISTAKE_RANGE_SHORT_3,
    CSIGN_MISTAKE_RANGE_SHORT_4,
    CSIGN_MISTAKE_RANGE_SHORT_5,
    CSIGN_MISTAKE_RANGE_SHORT_6,
    CSIGN_MISTAKE_RANGE_SHORT_7,
    CSIGN_MISTAKE_RANGE_ROUNDED_TO_8,
    CSIGN_MISTAKE_RANGE_ROUNDED_TO_16,
    CSIGN_MISTAKE_RANGE_HEADER_ONLY,
    CSIGN_MISTAKE_RANGE_BODY_ONLY,
    CSIGN_MISTAKE_RANGE_WITH_TRANSPORT_HEADER,
    /* the header at the time of signing */
    CSIGN_MISTAKE_SIGNATURE_OF_REQUEST,
    CSIGN_MISTAKE_SIGNATURE_PLACEHOLDER,
    CSIGN_MISTAKE_SIGNED_TWICE,
    CSIGN_MISTAKE_SIGNATURE_LEFT_OUT,
    CSIGN_MISTAKE_SIGNED_FLAG_LATE,
    CSIGN_MISTAKE_PRIORITY_MASKED,
    CSIGN_MISTAKE_NEXT_COMMAND_LATE,
    CSIGN_MISTAKE_MESSAGE_ID_LATE,
    CSIGN_MISTAKE_SESSION_ID_LATE,
    CSIGN_MISTAKE_TREE_ID_LATE,
    CSIGN_MISTAKE_CREDITS_LATE,
    CSIGN_MISTAKE_CREDIT_CHARGE_LATE,
    CSIGN_MISTAKE_STATUS_LATE,
    CSIGN_MISTAKE_FLAGS_LATE,
    CSIGN_MISTAKE_COUNT
} csign_mistake;

/* csign_mistake_name returns a name for programs, "preauth-without-negotiate"; csign_mistake_text a clause that
   completes "the signature verifies when ...": "both NEGOTIATE messages are left out of the preauth hash";
   csign_mistake_advice a sentence that says what the signer has to change, with the section of MS-SMB2. Static
   strings; of what is no mistake, "none" and empty ones. */
const char *csign_mistake_name(csign_mistake mistake);
const char *csign_mistake_text(csign_mistake mistake);
const char *csign_mistake_advice(csign_mistake mistake);

/* csign_claim: a signed element, and what is known of the session that it belongs to. Everything is borrowed. */
typedef struct csign_claim {
    csign_bytes frame;  /* the SMB2 message as it came, all elements of a compound, without the transport header */
    size_t offset, len; /* the element in it: len bytes, 64 at least */
    csign_dialect dialect;
    csign_signing_algorithm algorithm; /* the right one for this message */
    csign_bytes session_key;           /* FullSessionKey of the authentication whose key has to sign it; not empty */
    bool channel;                      /* that authentication bound a channel */
    const csign_bytes *preauth;        /* what its preauthentication hash is made of: NEGOTIATE request and response, */
    size_t preauth_count;              /* then SESSION_SETUP; 3 to 64 at 3.1.1, where 0 elsewhere says: not known */
    csign_bytes final_response;        /* the SESSION_SETUP response that is not hashed; empty: not known */
    csign_bytes
        other_session_key; /* FullSessionKey of the session's first authentication if this is a channel's, of a */
    const uint8_t
        *other_preauth; /* bound channel's, or of another session's; and its 64-byte hash. Empty, NULL: none */
    bool other_session; /* it is another session's */
    const uint8_t *request_signature; /* 16 bytes of the request that this answers; NULL: not known, or no response */
    uint64_t work;                    /* bytes to hash and authenticate before giving up; 0: no bound */
} csign_claim;

/* csign_explanation: mistakes that together reproduce a signature, and what the signer then used. Holds a key. */
typedef struct csign_explanation {
    size_t mistake_count; /* 0: there is none, the signature is right */
    csign_mistake mistakes[3];
    csign_signing_algorithm algorithm;
    csign_key key;         /* len 16, or more where it was not truncated (its first 32 bytes are here) */
    uint8_t nonce[12];     /* of AES-GMAC; else zeros */
    size_t from, to;       /* bytes of the frame that are covered */
    size_t padding;        /* zero bytes behind them that are covered too */
    bool transport_header; /* and the 4 bytes before the frame */
    uint8_t preauth[64];   /* the hash that the key was derived with; zeros where it was with none */
} csign_explanation;

#define CSIGN_EXPLANATIONS 4u

/* csign_diagnosis: what a search found. */
typedef struct csign_diagnosis {
    uint8_t claimed[16];                                /* bytes 48..63 */
    csign_explanation right;                            /* without a mistake: key, nonce and range by the standard */
    uint8_t expected[16];                               /* the signature with these */
    csign_explanation explanations[CSIGN_EXPLANATIONS]; /* with the fewest mistakes; more than one: they amount to */
    size_t explanation_count;                           /* the same in this message; at most CSIGN_EXPLANATIONS kept */
    size_t tried;                                       /* combinations whose signature was computed */
    size_t candidates;                                  /* mistakes that can be made with this claim */
    unsigned depth; /* all combinations of up to this many mistakes were tried, unless one was found before */
    bool complete;  /* false: claim.work was used up before */
} csign_diagnosis;

/* csign_diagnose_scratch_len returns how many bytes of scratch the two functions below need for a claim; 0 for NULL. */
size_t csign_diagnose_scratch_len(const csign_claim *claim);

/* csign_diagnose searches. CSIGN_OK: *out says what was found, perhaps nothing (it does NOT mean authenticated).
   CSIGN_NO_SPACE: scratch_len is too small. CSIGN_BAD_ARGUMENT: NULL, an element outside its frame or under 64 bytes,
   an unknown dialect or algorithm, an empty session key, preauth_count above 64 or, at 3.1.1, under 3, a view with
   NULL data and a length. *out is zeroed on failure. scratch and out must not overlap the claim. */
csign_status csign_diagnose(csign_diagnosis *out, const csign_claim *claim, uint8_t *scratch, size_t scratch_len);

/* csign_mistaken_mac computes the signature that count (0 to 3) mistakes together lead to, and *used unless it is NULL.
   For the next message of the same signer, and for tests. CSIGN_OK; CSIGN_UNSUPPORTED: these mistakes cannot be made
   together with this claim; CSIGN_NO_SPACE and CSIGN_BAD_ARGUMENT as above, and for what is no mistake. tag is zeroed
   on failure. */
csign_status csign_mistaken_mac(uint8_t tag[16], csign_explanation *used, const csign_claim *claim,
                                const csign_mistake *mistakes, size_t count, uint8_t *scratch, size_t scratch_len);

#ifdef __cplusplus
}
#endif

#endif
