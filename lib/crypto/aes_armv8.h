/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128 (FIPS 197) with Armv8's instructions: what CMAC and GMAC share. AESE adds the round key first and then substitutes and
   shifts, AESMC mixes; so the last round key is an addition of its own, which a caller can put elsewhere. A csign_aes128_key of theirs
   holds the eleven round keys as FIPS 197 writes them. */
#ifndef COUNTERSIGN_CRYPTO_AES_ARMV8_H
#define COUNTERSIGN_CRYPTO_AES_ARMV8_H

#include "neon.h"

#if defined(CSIGN_HAVE_ARMV8)

#include "../include/countersign/signer_state.h"

enum { AES_ROUNDS = 10 };

NEON_INLINE uint8x16_t aes_round_key(const csign_aes128_key *key, unsigned round)
{
    return vreinterpretq_u8_u64(vld1q_u64(key->rounds[round]));
}

/* Section 5.2. AESE of a block whose columns are all the same is SubWord, because shifting its rows changes nothing. */
NEON_INLINE void aes_expand(csign_aes128_key *out, const uint8_t key[16])
{
    static const uint8_t rcon[AES_ROUNDS] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1B, 0x36};
    const uint8x16_t zero = vdupq_n_u8(0);
    uint8x16_t k = vld1q_u8(key);
    vst1q_u64(out->rounds[0], vreinterpretq_u64_u8(k));
    for (unsigned round = 1; round <= AES_ROUNDS; round++) {
        const uint32x4_t last = vdupq_laneq_u32(vreinterpretq_u32_u8(k), 3);
        const uint32x4_t word = vreinterpretq_u32_u8(vaeseq_u8(vreinterpretq_u8_u32(last), zero));
        const uint32x4_t rotated = vorrq_u32(vshrq_n_u32(word, 8), vshlq_n_u32(word, 24));
        k = veorq_u8(k, vextq_u8(zero, k, 12));
        k = veorq_u8(k, vextq_u8(zero, k, 8));
        k = veorq_u8(k, vreinterpretq_u8_u32(veorq_u32(rotated, vdupq_n_u32(rcon[round - 1]))));
        vst1q_u64(out->rounds[round], vreinterpretq_u64_u8(k));
    }
}

/* From the first round, whose key is given apart, to the last but for the addition of its key. */
NEON_INLINE uint8x16_t aes_rounds(uint8x16_t state, uint8x16_t first, const csign_aes128_key *key)
{
    state = vaesmcq_u8(vaeseq_u8(state, first));
    for (unsigned round = 1; round < AES_ROUNDS - 1; round++) {
        state = vaesmcq_u8(vaeseq_u8(state, aes_round_key(key, round)));
    }
    return vaeseq_u8(state, aes_round_key(key, AES_ROUNDS - 1));
}

NEON_INLINE uint8x16_t aes_encrypt(const csign_aes128_key *key, uint8x16_t block)
{
    return veorq_u8(aes_rounds(block, aes_round_key(key, 0), key), aes_round_key(key, AES_ROUNDS));
}

#endif

#endif
