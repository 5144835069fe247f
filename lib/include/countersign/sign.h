/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and verifying SMB2 messages (MS-SMB2 3.1.4.1, 3.1.5.1). A signer is a key made ready for one algorithm. A
   const signer may be used by any number of threads at once: all state of a message lives on the caller's stack.
   Everything is constant time in keys, tags and content; lengths and header fields show.

   Order of checks in verify: CSIGN_BAD_ARGUMENT, CSIGN_TRUNCATED (under 64 bytes), CSIGN_MALFORMED (ProtocolId,
   StructureSize, NextCommand neither 0 nor exactly the element's length), CSIGN_NOT_SIGNED_BY_RULE, CSIGN_NOT_SIGNED,
   then the MAC. */
#ifndef COUNTERSIGN_SIGN_H
#define COUNTERSIGN_SIGN_H

#include "bytes.h"
#include "signer_state.h"
#include "status.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* csign_signer: private fields. Holds secrets: wipe it. Zero bytes are no signer: every use is CSIGN_BAD_ARGUMENT. */
typedef struct csign_signer {
    uint32_t kind;    /* 1 + csign_signing_algorithm, so that zero means uninitialised */
    uint32_t backend; /* which implementation made the key ready */
    uint32_t unused[2];
    union {
        csign_hmac_key hmac;
        csign_cmac_key cmac;
        csign_gmac_key gmac;
    } state;
} csign_signer;

/* csign_signer_init makes a signer of a 16-byte signing key. key may not overlap *out. CSIGN_OK; CSIGN_BAD_ARGUMENT:
   NULL or an unknown algorithm, *out is zeroed. */
csign_status csign_signer_init(csign_signer *out, csign_signing_algorithm algorithm, const uint8_t key[16]);

/* csign_signer_wipe sets every byte to zero, in a way that survives optimisation. NULL is ignored. */
void csign_signer_wipe(csign_signer *signer);

/* csign_backend_name says in one word which implementation, chosen by what the processor has, a signer uses: "portable",
   "vaes-avx512"; "none" if it is not initialised. Constant, nobody frees it. */
const char *csign_backend_name(const csign_signer *signer);

/* csign_mac computes the 16-byte signature of one element as if SIGNED were set and bytes 48..63 were zero; the header
   is not changed and no rule about what may be signed is checked. The element is header followed by the parts; under
   GMAC the nonce comes from MessageId, SERVER_TO_REDIR and Command. tag may alias header's signature field. CSIGN_OK;
   CSIGN_BAD_ARGUMENT: NULL, an uninitialised signer, a part with NULL data and a length; tag is zeroed. */
csign_status csign_mac(const csign_signer *signer, uint8_t tag[16], const uint8_t header[64], const csign_bytes *parts,
                       size_t part_count);

/* csign_sign signs one element of len bytes in place: sets SIGNED, writes bytes 48..63. On refusal nothing changes.
   The shape is checked as in verify, then: CSIGN_NOT_SIGNED_BY_RULE for NEGOTIATE, SessionId 0, a CANCEL with
   SERVER_TO_REDIR; CSIGN_NONCE_FORBIDDEN for an interim response, MessageId all ones, MessageId 0 (but for a CANCEL
   request under HMAC-SHA256 or AES-CMAC). MS-SMB2 3.1.4.1. */
csign_status csign_sign(const csign_signer *signer, uint8_t *message, size_t len);

/* csign_verify checks one element of len bytes and never writes to it. CSIGN_OK: SIGNED is set and the signature is
   right. CSIGN_NOT_SIGNED_BY_RULE: an interim response, an unsolicited break with SessionId 0, an unsigned NEGOTIATE,
   an unsigned SESSION_SETUP or ECHO with SessionId 0; such a message is unauthenticated. CSIGN_NOT_SIGNED,
   CSIGN_BAD_SIGNATURE, and the shape errors above. MS-SMB2 3.1.5.1. */
csign_status csign_verify(const csign_signer *signer, const uint8_t *message, size_t len);

/* csign_sign_parts is csign_sign for an element whose body lies in part_count pieces behind the header. parts must not
   overlap header (CSIGN_BAD_ARGUMENT). */
csign_status csign_sign_parts(const csign_signer *signer, uint8_t header[64], const csign_bytes *parts,
                              size_t part_count);

/* csign_verify_parts is csign_verify for such an element. */
csign_status csign_verify_parts(const csign_signer *signer, const uint8_t header[64], const csign_bytes *parts,
                                size_t part_count);

/* csign_job: one element of a batch. part_count 0: message has len bytes; else message is the header, len is 64 and
   the body lies in parts. */
typedef struct csign_job {
    const csign_signer *signer;
    uint8_t *message;
    size_t len;
    csign_status status;
    const csign_bytes *parts;
    size_t part_count;
} csign_job;

/* csign_sign_batch signs many elements, each with its own signer and length, with the results of one by one: each
   status is what csign_sign (csign_sign_parts) gives. No two jobs may overlap. Returns how many are not CSIGN_OK; NULL
   jobs: count. */
size_t csign_sign_batch(csign_job *jobs, size_t count);

/* csign_verify_batch verifies many elements; never writes through message. Every status starts as CSIGN_BAD_ARGUMENT,
   so that none is ever left at CSIGN_OK by accident. Returns how many are not CSIGN_OK; NULL jobs: count. */
size_t csign_verify_batch(csign_job *jobs, size_t count);

#ifdef __cplusplus
}
#endif

#endif
