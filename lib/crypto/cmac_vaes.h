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

/* The round keys of sixteen messages: of one key, or side by side of each message's. Which, is known where this is compiled. */
typedef struct lane_keys {
    const csign_aes128_key *one;
    const uint8_t (*each)[VAES_LANES][16]; /* eleven rounds; NULL: there is one key */
} lane_keys;

/* A round key of two messages. */
VAES_INLINE __m256i pair_key(lane_keys keys, unsigned pair, unsigned round)
{
    return keys.each == NULL ? _mm256_broadcastsi128_si256(round_key(keys.one, round))
                             : load_pair(keys.each[round][2 * pair]);
}

/* The cipher's first nine rounds. */
VAES_INLINE void pair_rounds(__m256i s[VAES_PAIRS], lane_keys keys)
{
#pragma GCC unroll 9
    for (unsigned round = 1; round < AES_ROUNDS; round++) {
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            s[pair] = _mm256_aesenc_epi128(s[pair], pair_key(keys, pair, round));
        }
    }
}

/* Ends the block before, whose rounds are done, and begins this one. */
VAES_INLINE __m256i pair_next(__m256i s, lane_keys keys, unsigned pair, __m256i block)
{
    const __m256i both = _mm256_xor_si256(pair_key(keys, pair, 0), pair_key(keys, pair, AES_ROUNDS));
    return _mm256_aesenclast_epi128(s, _mm256_xor_si256(both, block));
}

/* Block number i of two lanes. */
VAES_INLINE __m256i lane_blocks(const csign_cmac_lanes *lanes, unsigned pair, size_t i)
{
    return pair_of(load_block(lanes->at[2 * pair] + 16 * i), load_block(lanes->at[2 * pair + 1] + 16 * i));
}

VAES_INLINE void cmac_lane_blocks(csign_cmac_lanes *lanes, size_t count, lane_keys keys)
{
    __m256i s[VAES_PAIRS];
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        const __m256i first = _mm256_xor_si256(lane_blocks(lanes, pair, 0), pair_key(keys, pair, 0));
        s[pair] = _mm256_xor_si256(load_pair(lanes->chain[2 * pair]), first);
    }
    pair_rounds(s, keys);
    for (size_t i = 1; i < count; i++) {
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            s[pair] = pair_next(s[pair], keys, pair, lane_blocks(lanes, pair, i));
        }
        pair_rounds(s, keys);
    }
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        store_pair(lanes->chain[2 * pair], _mm256_aesenclast_epi128(s[pair], pair_key(keys, pair, AES_ROUNDS)));
    }
}

#endif

#endif
