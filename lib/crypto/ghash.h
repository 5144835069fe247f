/* SPDX-License-Identifier: Apache-2.0 */
/* The multiplication of GHASH. NIST SP 800-38D sections 6.3 and 6.4. Constant time. */
#ifndef COUNTERSIGN_CRYPTO_GHASH_H
#define COUNTERSIGN_CRYPTO_GHASH_H

#include <stdint.h>

/* csign_ghash_block absorbs one block into the hash y: y = (y + block) * h. Elements of GF(2^128) are two big-endian
   words, the block's first eight bytes in word 0, and so the coefficient of x^0 is the top bit of word 0. */
void csign_ghash_block(uint64_t y[2], const uint64_t h[2], const uint8_t block[16]);

#endif
