/* SPDX-License-Identifier: Apache-2.0 */
/* The keyed primitives that SMB3 signing is made of, one shot. Constant time in keys and messages; only lengths show.
   Outputs may alias inputs. A csign_bytes with NULL data must have length 0. */
#ifndef COUNTERSIGN_CRYPTO_H
#define COUNTERSIGN_CRYPTO_H

#include "bytes.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* csign_sha512 writes the 64-byte SHA-512 digest of message. FIPS 180-4 section 6.4. */
void csign_sha512(uint8_t digest[64], csign_bytes message);

/* csign_hmac_sha256 writes the full 32-byte HMAC-SHA-256 of message under key, a key of any length. RFC 2104, FIPS
   198-1. SMB2 signatures are its first 16 bytes. */
void csign_hmac_sha256(uint8_t mac[32], csign_bytes key, csign_bytes message);

/* csign_cmac_aes128 writes the 16-byte AES-128-CMAC of message. NIST SP 800-38B, RFC 4493. */
void csign_cmac_aes128(uint8_t tag[16], const uint8_t key[16], csign_bytes message);

/* csign_gmac_aes128 writes the 16-byte AES-128-GMAC of message: GCM over an empty plaintext with message as additional
   data and a 96-bit nonce, which must never repeat under one key. NIST SP 800-38D. */
void csign_gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], csign_bytes message);

/* csign_kdf_sp800_108 derives out_len bytes from key: counter mode, HMAC-SHA-256, 32-bit counter and length. NIST SP
   800-108 section 4.1, as MS-SMB2 3.1.4.2 uses it: HMAC(key, i || label || 00 || context || 8 * out_len). A label's
   own terminating NUL is part of label. key, label and context may have any length; out must not overlap them.
   CSIGN_OK, or CSIGN_BAD_ARGUMENT with nothing written: out NULL, out_len not 1..8160, a view with NULL data and a
   length. */
csign_status csign_kdf_sp800_108(uint8_t *out, size_t out_len, csign_bytes key, csign_bytes label, csign_bytes context);

#ifdef __cplusplus
}
#endif

#endif
