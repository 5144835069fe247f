/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 in pieces. FIPS 180-4 section 6.2. Constant time; only lengths show. */
#ifndef COUNTERSIGN_CRYPTO_SHA256_H
#define COUNTERSIGN_CRYPTO_SHA256_H

#include <stdint.h>

#include "../include/countersign/bytes.h"

/* Its constants, for every backend: K of section 4.2.2, in a table that vectors load from, and the initial hash value of section 5.3.3. */
extern const _Alignas(64) uint32_t csign_sha256_k[64];
extern const uint32_t csign_sha256_initial[8];

/* csign_sha256: a message being hashed. */
typedef struct csign_sha256 {
    uint32_t hash[8];
    uint64_t len; /* bytes so far; len % 64 of them wait in block */
    uint8_t block[64];
} csign_sha256;

/* csign_sha256_start begins a message, csign_sha256_update adds to it any number of times, csign_sha256_finish writes
   its digest and wipes the stream. */
void csign_sha256_start(csign_sha256 *sha256);
void csign_sha256_update(csign_sha256 *sha256, csign_bytes message);
void csign_sha256_finish(csign_sha256 *sha256, uint8_t digest[32]);

/* csign_sha256_resume begins where another message stood after len bytes, a multiple of 64, with this hash value. */
void csign_sha256_resume(csign_sha256 *sha256, const uint32_t hash[8], uint64_t len);

#endif
