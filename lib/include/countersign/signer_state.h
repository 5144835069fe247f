/* SPDX-License-Identifier: Apache-2.0 */
/* What a csign_signer holds for each algorithm: keys in the form the primitives use. Complete so that a signer can
   live anywhere and be copied by assignment; the fields are private and change without notice. */
#ifndef COUNTERSIGN_SIGNER_STATE_H
#define COUNTERSIGN_SIGNER_STATE_H

#include <stdint.h>

/* AES-128 round keys, bitsliced: bit 16 * row + 4 * (p % 4) + column of word p / 4 of a round is bit p of the byte of
   the round key in that row and column of the AES state. */
typedef struct csign_aes128_key {
    uint64_t rounds[11][2];
} csign_aes128_key;

/* The cipher's key and the two subkeys of SP 800-38B section 6.1. */
typedef struct csign_cmac_key {
    csign_aes128_key aes;
    uint8_t k1[16], k2[16];
} csign_cmac_key;

/* The cipher's key, and what GHASH of SP 800-38D multiplies by: portable, the hash subkey H as two big-endian words, its first eight
   bytes in h[0]; for x86-64, powers of H and sums of their halves, as lib/crypto/gmac_x86.h has them; for AArch64, powers of H. */
typedef struct csign_gmac_key {
    csign_aes128_key aes;
    uint64_t h[2];
    uint8_t powers[23][16], sums[23][16];
} csign_gmac_key;

/* The SHA-256 hash values after the inner and after the outer pad block of RFC 2104. */
typedef struct csign_hmac_key {
    uint32_t inner[8], outer[8];
} csign_hmac_key;

#endif
