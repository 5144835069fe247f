/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-512 in pieces. FIPS 180-4 section 6.4. Constant time; only lengths show. */
#ifndef COUNTERSIGN_CRYPTO_SHA512_H
#define COUNTERSIGN_CRYPTO_SHA512_H

#include <stdint.h>

#include "../include/countersign/bytes.h"

/* Its constants, for every backend: section 4.2.3. */
extern const uint64_t csign_sha512_k[80];

/* csign_sha512_compress puts count blocks of 128 bytes into the hash value; csign_sha512_blocks is the portable one. FIPS 180-4 section
   6.4.2. */
typedef void csign_sha512_compress(uint64_t hash[8], const uint8_t *blocks, size_t count);
csign_sha512_compress csign_sha512_blocks;

/* csign_sha512_stream: a message being hashed. */
typedef struct csign_sha512_stream {
    csign_sha512_compress *blocks;
    uint64_t hash[8];
    uint64_t len; /* bytes so far; len % 128 of them wait in block */
    uint8_t block[128];
} csign_sha512_stream;

/* csign_sha512_start begins a message, csign_sha512_update adds to it any number of times, csign_sha512_finish writes
   its digest and wipes the stream. */
void csign_sha512_start(csign_sha512_stream *sha512, csign_sha512_compress *blocks);
void csign_sha512_update(csign_sha512_stream *sha512, csign_bytes message);
void csign_sha512_finish(csign_sha512_stream *sha512, uint8_t digest[64]);

#endif
