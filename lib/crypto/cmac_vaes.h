/* SPDX-License-Identifier: Apache-2.0 */
/* The cipher of sixteen CMAC lanes with VAES, two lanes in a register of 256 bits; wider ones are no faster, since each cycle starts the same
   number of rounds either way. Inlined into two functions: with AVX2 there are sixteen registers, with AVX-512 thirty-two. */
#ifndef COUNTERSIGN_CRYPTO_CMAC_VAES_H
#define COUNTERSIGN_CRYPTO_CMAC_VAES_H

#include "cmac_aesni.h"

#if defined(CSIGN_HAVE_VAES) || defined(CSIGN_HAVE_VAES_AVX512)

#include "cmac_lanes.h"

#define VAES_TARGET AESNI_TARGET ",avx,avx2,vaes"
#define VAES_INLINE static inline __attribute__((always_inline, target(VAES_TARGET)))

enum { VAES_LANES = 16, VAES_PAIRS = VAES_LANES / 2 };

VAES_INLINE __m256i load_pair(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

VAES_INLINE void store_pair(uint8_t *p, __m256i pair)
{
    _mm256_storeu_si256((__m256i *)(void *)p, pair);
}

VAES_INLINE __m256i pair_of(__m128i first, __m128i second)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
}

/* Block number i of two lanes. */
VAES_INLINE __m256i lane_blocks(const csign_cmac_lanes *lanes, unsigned pair, size_t i)
{
    return pair_of(load_block(lanes->at[2 * pair] + 16 * i), load_block(lanes->at[2 * pair + 1] + 16 * i));
}

/* The round keys of two lanes. */
VAES_INLINE __m256i lane_keys(const csign_cmac_lanes *lanes, unsigned pair, unsigned round, bool one_key)
{
    if (one_key) {
        return _mm256_broadcastsi128_si256(round_key(&lanes->key[0]->aes, round));
    }
    return load_pair(lanes->round_keys[round][2 * pair]);
}

VAES_INLINE void cmac_lane_rounds(__m256i s[VAES_PAIRS], const csign_cmac_lanes *lanes, bool one_key)
{
#pragma GCC unroll 9
    for (unsigned round = 1; round < AES_ROUNDS; round++) {
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            s[pair] = _mm256_aesenc_epi128(s[pair], lane_keys(lanes, pair, round, one_key));
        }
    }
}

VAES_INLINE void cmac_lane_blocks(csign_cmac_lanes *lanes, size_t count, bool one_key)
{
    __m256i s[VAES_PAIRS];
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        const __m256i chain = load_pair(lanes->chain[2 * pair]);
        const __m256i first = _mm256_xor_si256(lane_blocks(lanes, pair, 0), lane_keys(lanes, pair, 0, one_key));
        s[pair] = _mm256_xor_si256(chain, first);
    }
    cmac_lane_rounds(s, lanes, one_key);
    for (size_t i = 1; i < count; i++) {
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            const __m256i both =
                _mm256_xor_si256(lane_keys(lanes, pair, 0, one_key), lane_keys(lanes, pair, AES_ROUNDS, one_key));
            s[pair] = _mm256_aesenclast_epi128(s[pair], _mm256_xor_si256(both, lane_blocks(lanes, pair, i)));
        }
        cmac_lane_rounds(s, lanes, one_key);
    }
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = _mm256_aesenclast_epi128(s[pair], lane_keys(lanes, pair, AES_ROUNDS, one_key));
        store_pair(lanes->chain[2 * pair], s[pair]);
    }
}

#endif

#endif
