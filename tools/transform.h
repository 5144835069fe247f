/* SPDX-License-Identifier: Apache-2.0 */
/* Encrypted messages: the transform header (MS-SMB2 2.2.41) and the four AEADs behind it (3.1.4.3). The AEADs are nettle's: the
   library signs and derives keys but does not encrypt. */
#ifndef COUNTERSIGN_TOOLS_TRANSFORM_H
#define COUNTERSIGN_TOOLS_TRANSFORM_H

#include <stdbool.h>

#include "countersign/countersign.h"

#define TRANSFORM_HEADER_LEN 52u

/* transform: the parts of an encrypted message; borrows it. OriginalMessageSize and Flags are not looked at: the AEAD covers them. */
typedef struct transform {
    uint64_t session_id;
    const uint8_t *signature; /* 16 bytes, the AEAD's tag */
    const uint8_t *nonce;     /* 11 bytes for CCM, 12 for GCM */
    csign_bytes additional;   /* the header from the nonce on */
    csign_bytes ciphertext;
} transform;

/* transform_parse takes a message that begins with FD 'SMB'. False: it is shorter than its header. */
bool transform_parse(transform *out, csign_bytes message);

/* transform_open decrypts into plain, which has room for the ciphertext's length. False: the tag is not this message's under the key,
   or the key's length is not the cipher's; plain is then of no use. */
bool transform_open(uint8_t *plain, const transform *t, csign_cipher cipher, const csign_key *key);

#endif
