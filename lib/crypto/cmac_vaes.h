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

/* Sixteen messages of one length that each lie in one piece behind the header take all steps together, and nothing but the loads of
   their blocks stands between two of them: short messages are over before the lanes' bookkeeping would be. */
typedef struct cmac_same {
    const csign_cmac_key *key[VAES_LANES];
    const uint8_t *header[VAES_LANES], *body[VAES_LANES];
    size_t body_len;
    uint8_t last[VAES_LANES][16];           /* blocks, padded and masked */
    uint8_t round_keys[11][VAES_LANES][16]; /* unless there is one key */
} cmac_same;

VAES_INLINE __m256i same_keys(const cmac_same *m, unsigned pair, unsigned round, bool one_key)
{
    if (one_key) {
        return _mm256_broadcastsi128_si256(round_key(&m->key[0]->aes, round));
    }
    return load_pair(m->round_keys[round][2 * pair]);
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

/* Ends the block before, whose rounds are done, and begins this one. */
VAES_INLINE __m256i same_next(__m256i s, const cmac_same *m, unsigned pair, bool one_key, __m256i block)
{
    const __m256i both = _mm256_xor_si256(same_keys(m, pair, 0, one_key), same_keys(m, pair, AES_ROUNDS, one_key));
    return _mm256_aesenclast_epi128(s, _mm256_xor_si256(both, block));
}

VAES_INLINE void cmac_same_blocks(csign_mac_job *const *jobs, size_t job_count, const cmac_same *m, bool one_key)
{
    const size_t last = (MESSAGE_HEADER + m->body_len - 1) / 16; /* number of the last block */
    __m256i s[VAES_PAIRS];
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = _mm256_xor_si256(pair_of(load_block(m->header[2 * pair]), load_block(m->header[2 * pair + 1])),
                                   same_keys(m, pair, 0, one_key));
    }
    /* The rest of the header, whose last block is of zeros. */
    for (size_t i = 1; i < MESSAGE_HEADER / 16 && i < last; i++) {
        const __m128i set = _mm_cvtsi32_si128(i == MESSAGE_FLAG_AT / 16 ? MESSAGE_FLAG : 0);
        const __m128i keep = _mm_set1_epi8((char)-(i < MESSAGE_ZEROS_AT / 16));
        same_rounds(s, m, one_key);
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            const __m256i block =
                pair_of(load_block(m->header[2 * pair] + 16 * i), load_block(m->header[2 * pair + 1] + 16 * i));
            s[pair] = same_next(s[pair], m, pair, one_key,
                                _mm256_or_si256(_mm256_and_si256(block, pair_of(keep, keep)), pair_of(set, set)));
        }
    }
    for (size_t i = MESSAGE_HEADER / 16; i < last; i++) {
        const size_t at = 16 * i - MESSAGE_HEADER;
        same_rounds(s, m, one_key);
#pragma GCC unroll 8
        for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
            const __m256i block = pair_of(load_block(m->body[2 * pair] + at), load_block(m->body[2 * pair + 1] + at));
            s[pair] = same_next(s[pair], m, pair, one_key, block);
        }
    }
    same_rounds(s, m, one_key);
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = same_next(s[pair], m, pair, one_key, load_pair(m->last[2 * pair]));
    }
    same_rounds(s, m, one_key);
#pragma GCC unroll 8
    for (unsigned pair = 0; pair < VAES_PAIRS; pair++) {
        s[pair] = _mm256_aesenclast_epi128(s[pair], same_keys(m, pair, AES_ROUNDS, one_key));
        store_block(jobs[2 * pair < job_count ? 2 * pair : 0]->mac, _mm256_castsi256_si128(s[pair]));
        store_block(jobs[2 * pair + 1 < job_count ? 2 * pair + 1 : 0]->mac, _mm256_extracti128_si256(s[pair], 1));
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
    for (unsigned l = 0; l < VAES_LANES; l++) {
        __m128i block = _mm_setzero_si128(); /* the header's last, if there is no more */
        size_t len = 16;
        if (m.body_len > 0) {
            len = (m.body_len - 1) % 16 + 1;
            const uint8_t *p = m.body[l] + m.body_len - len;
            block = len == 16 ? load_block(p) : load_partial(p, len);
        }
        store_block(m.last[l], cmac_last(m.key[l], block, len));
    }
    if (one_key) {
        cmac_same_blocks(jobs, count, &m, true);
    } else {
        for (unsigned round = 0; round <= AES_ROUNDS; round++) {
            for (unsigned l = 0; l < VAES_LANES; l += 2) {
                store_pair(m.round_keys[round][l],
                           pair_of(round_key(&m.key[l]->aes, round), round_key(&m.key[l + 1]->aes, round)));
            }
        }
        cmac_same_blocks(jobs, count, &m, false);
        csign_wipe(m.round_keys, sizeof m.round_keys);
    }
    csign_wipe(m.last, sizeof m.last);
}

#endif

#endif
