/* SPDX-License-Identifier: Apache-2.0 */
/* The cipher of sixteen CMAC lanes with VAES, two lanes in a register of 256 bits; wider ones are no faster, since each cycle starts the same
   number of rounds either way. Inlined into two functions: with AVX2 there are sixteen registers, with AVX-512 thirty-two. */
#ifndef COUNTERSIGN_CRYPTO_CMAC_VAES_H
#define COUNTERSIGN_CRYPTO_CMAC_VAES_H

#include "cmac_aesni.h"

#if defined(CSIGN_HAVE_VAES) || defined(CSIGN_HAVE_VAES_AVX512)

#include "cmac_lanes.h"
#include "wipe.h"

#define VAES_TARGET AESNI_TARGET ",avx,avx2,vaes"
#define VAES_INLINE static inline __attribute__((always_inline, target(VAES_TARGET)))

enum { VAES_LANES = 16, VAES_PAIRS = VAES_LANES / 2 };

/* Block number i of two lanes. */
VAES_INLINE __m256i lane_blocks(const csign_cmac_lanes *lanes, unsigned pair, size_t i)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load_block(lanes->at[2 * pair] + 16 * i)),
                                   load_block(lanes->at[2 * pair + 1] + 16 * i), 1);
}

/* The round keys of two lanes. */
VAES_INLINE __m256i lane_keys(const csign_cmac_lanes *lanes, unsigned pair, unsigned round, bool one_key)
{
    if (one_key) {
        return _mm256_broadcastsi128_si256(round_key(&lanes->key[0]->aes, round));
    }
    return _mm256_loadu_si256((const __m256i *)(const void *)lanes->round_keys[round][2 * pair]);
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
        const __m256i chain = _mm256_loadu_si256((const __m256i *)(const void *)lanes->chain[2 * pair]);
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
        _mm256_storeu_si256((__m256i *)(void *)lanes->chain[2 * pair], s[pair]);
    }
}

/* Sixteen messages of one length that each lie in one piece behind the header take all steps together, and nothing but the loads of
   their blocks stands between two of them: short messages are over before the lanes' bookkeeping would be. */
typedef struct cmac_same {
    const csign_cmac_key *key[VAES_LANES];
    const uint8_t *header[VAES_LANES], *body[VAES_LANES];
    size_t body_len;
    uint8_t round_keys[11][VAES_LANES][16]; /* unless there is one key */
} cmac_same;

VAES_INLINE __m256i pair_of(__m128i first, __m128i second)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
}

VAES_INLINE __m256i same_keys(const cmac_same *m, unsigned pair, unsigned round, bool one_key)
{
    if (one_key) {
        return _mm256_broadcastsi128_si256(round_key(&m->key[0]->aes, round));
    }
    return _mm256_loadu_si256((const __m256i *)(const void *)m->round_keys[round][2 * pair]);
}

VAES_INLINE void same_rounds(__m256i s[VAES_PAIRS], const cmac_same *m, bool one_key)
{
#pragma GCC unroll 9
    for (unsigned round = 1; round < AES_ROUNDS; round++) {
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            s[pair] = _mm256_aesenc_epi128(s[pair], same_keys(m, pair, round, one_key));
        }
    }
}

/* Ends the block before and begins this one. */
VAES_INLINE __m256i same_next(__m256i s, const cmac_same *m, unsigned pair, bool one_key, __m256i block)
{
    const __m256i both = _mm256_xor_si256(same_keys(m, pair, 0, one_key), same_keys(m, pair, AES_ROUNDS, one_key));
    return _mm256_aesenclast_epi128(s, _mm256_xor_si256(both, block));
}

VAES_INLINE __m128i same_last(const cmac_same *m, unsigned lane)
{
    if (m->body_len == 0) {
        return load_block(m->key[lane]->k1); /* of the header's zeros */
    }
    const size_t len = (m->body_len - 1) % 16 + 1;
    const uint8_t *p = m->body[lane] + m->body_len - len;
    return cmac_last(m->key[lane], len == 16 ? load_block(p) : load_partial(p, len), len);
}

VAES_INLINE void cmac_same_blocks(csign_mac_job *const *jobs, size_t count, const cmac_same *m, bool one_key)
{
    const __m128i flag = _mm_cvtsi32_si128(MESSAGE_FLAG);
    __m256i s[VAES_PAIRS];
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = _mm256_xor_si256(pair_of(load_block(m->header[2 * pair]), load_block(m->header[2 * pair + 1])),
                                   same_keys(m, pair, 0, one_key));
    }
    same_rounds(s, m, one_key);
    for (unsigned i = 1; i < 3; i++) {
        const __m256i set = i == MESSAGE_FLAG_AT / 16 ? pair_of(flag, flag) : _mm256_setzero_si256();
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            const __m256i block =
                pair_of(load_block(m->header[2 * pair] + 16 * i), load_block(m->header[2 * pair + 1] + 16 * i));
            s[pair] = same_next(s[pair], m, pair, one_key, _mm256_or_si256(block, set));
        }
        same_rounds(s, m, one_key);
    }
    if (m->body_len > 0) {
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            s[pair] = same_next(s[pair], m, pair, one_key, _mm256_setzero_si256());
        }
        same_rounds(s, m, one_key);
        for (size_t i = 0; i < (m->body_len - 1) / 16; i++) {
#pragma GCC unroll 8
            for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
                const __m256i block =
                    pair_of(load_block(m->body[2 * pair] + 16 * i), load_block(m->body[2 * pair + 1] + 16 * i));
                s[pair] = same_next(s[pair], m, pair, one_key, block);
            }
            same_rounds(s, m, one_key);
        }
    }
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = same_next(s[pair], m, pair, one_key, pair_of(same_last(m, 2 * pair), same_last(m, 2 * pair + 1)));
    }
    same_rounds(s, m, one_key);
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = _mm256_aesenclast_epi128(s[pair], same_keys(m, pair, AES_ROUNDS, one_key));
        store_block(jobs[2 * pair < count ? 2 * pair : 0]->mac, _mm256_castsi256_si128(s[pair]));
        store_block(jobs[2 * pair + 1 < count ? 2 * pair + 1 : 0]->mac, _mm256_extracti128_si256(s[pair], 1));
    }
}

/* The MACs of 1..16 messages of one length; where there are fewer, the first is computed again. */
VAES_INLINE void cmac_same_length(csign_mac_job *const *jobs, size_t count)
{
    cmac_same m;
    bool one_key = true;
    m.body_len = jobs[0]->len - MESSAGE_HEADER;
    for (unsigned l = 0; l < VAES_LANES; l++) {
        const csign_mac_job *job = jobs[l < count ? l : 0];
        m.key[l] = job->key;
        m.header[l] = job->message.header;
        m.body[l] = job->message.parts[0].data;
        one_key &= job->key == jobs[0]->key;
    }
    if (one_key) {
        cmac_same_blocks(jobs, count, &m, true);
        return;
    }
    for (unsigned l = 0; l < VAES_LANES; l++) {
        for (unsigned round = 0; round <= AES_ROUNDS; round++) {
            store_block(m.round_keys[round][l], round_key(&m.key[l]->aes, round));
        }
    }
    cmac_same_blocks(jobs, count, &m, false);
    csign_wipe(m.round_keys, sizeof m.round_keys);
}

#endif

#endif
