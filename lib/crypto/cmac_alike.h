/* SPDX-License-Identifier: Apache-2.0 */
/* Sixteen CMACs of messages that are alike: of one length, with a header, each in one piece. They take all steps together, and nothing but
   the loads of their blocks stands between two steps: short messages are over before the bookkeeping of lanes would be (cmac_lanes.h). */
#ifndef COUNTERSIGN_CRYPTO_CMAC_ALIKE_H
#define COUNTERSIGN_CRYPTO_CMAC_ALIKE_H

#include "cmac_vaes.h"

#if defined(CSIGN_HAVE_VAES) || defined(CSIGN_HAVE_VAES_AVX512)

#include "wipe.h"

typedef struct cmac_alike {
    const csign_cmac_key *const *key;
    const uint8_t *const *message;
    size_t len;
    uint8_t last[VAES_LANES][16]; /* blocks, padded and masked */
} cmac_alike;

/* Block number i of two messages, but for the last. */
VAES_INLINE __m256i alike_blocks(const cmac_alike *m, unsigned pair, size_t i)
{
    return pair_of(load_block(m->message[2 * pair] + 16 * i), load_block(m->message[2 * pair + 1] + 16 * i));
}

/* Makes the last blocks. Done when the rounds of blocks before are on their way, which leave time for it. */
VAES_INLINE void alike_last(cmac_alike *m)
{
    for (unsigned l = 0; l < VAES_LANES; l++) {
        store_block(m->last[l], cmac_last_of(m->key[l], m->message[l], m->len));
    }
}

VAES_INLINE void alike_chain(cmac_alike *m, lane_keys keys, uint8_t (*tags)[16])
{
    const size_t last = (m->len - 1) / 16; /* number of the last block */
    const __m128i flag = _mm_cvtsi32_si128(MESSAGE_FLAG);
    __m256i s[VAES_PAIRS];
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = _mm256_xor_si256(alike_blocks(m, pair, 0), pair_key(keys, pair, 0));
    }
    /* The rest of the header, whose last block is of zeros. */
    pair_rounds(s, keys);
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        const __m256i block = alike_blocks(m, pair, MESSAGE_FLAG_AT / 16);
        s[pair] = pair_next(s[pair], keys, pair, _mm256_or_si256(block, pair_of(flag, flag)));
    }
    pair_rounds(s, keys);
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = pair_next(s[pair], keys, pair, alike_blocks(m, pair, 2));
    }
    if (last >= MESSAGE_HEADER / 16) {
        pair_rounds(s, keys);
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            s[pair] = pair_next(s[pair], keys, pair, _mm256_setzero_si256());
        }
    }
    for (size_t i = MESSAGE_HEADER / 16; i < last; i++) {
        __m256i blocks[VAES_PAIRS];
        pair_rounds(s, keys);
        /* Measured: all loads before the rest, written so, is a twentieth faster with one key. */
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            blocks[pair] = alike_blocks(m, pair, i);
        }
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            s[pair] = pair_next(s[pair], keys, pair, blocks[pair]);
        }
    }
    alike_last(m);
    pair_rounds(s, keys);
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = pair_next(s[pair], keys, pair, load_pair(m->last[2 * pair]));
    }
    pair_rounds(s, keys);
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        store_pair(tags[2 * pair], _mm256_aesenclast_epi128(s[pair], pair_key(keys, pair, AES_ROUNDS)));
    }
}

VAES_INLINE void alike_tags(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                            uint8_t tags[16][16], lane_keys keys)
{
    cmac_alike m;
    m.key = key, m.message = message, m.len = len;
    alike_chain(&m, keys, tags);
    csign_wipe(m.last, sizeof m.last);
}

/* The tags of messages under one key, and under a key each. */
VAES_INLINE void alike_one_key(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                               uint8_t tags[16][16])
{
    alike_tags(key, message, len, tags, (lane_keys){&key[0]->aes, NULL});
}

VAES_INLINE void alike_keys_each(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                                 uint8_t tags[16][16])
{
    uint8_t round_keys[11][VAES_LANES][16];
    for (unsigned round = 0; round <= AES_ROUNDS; round++) {
        for (unsigned l = 0; l < VAES_LANES; l += 2) {
            store_pair(round_keys[round][l],
                       pair_of(round_key(&key[l]->aes, round), round_key(&key[l + 1]->aes, round)));
        }
    }
    alike_tags(key, message, len, tags, (lane_keys){NULL, (const uint8_t(*)[VAES_LANES][16])round_keys});
}

#endif

#endif
