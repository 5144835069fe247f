/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC with AES-NI: the key, a message, and eight messages at once, whose eight chains fill the time that each waits for its
   own round (NIST SP 800-38B sections 6.1 and 6.2). */
#include "cmac_aesni.h"

#if defined(CSIGN_HAVE_AESNI)

#include "backend_x86.h"
#include "cmac_lanes.h"
#include "wipe.h"

/* Times x in GF(2^128), of a number whose first byte is the highest. Section 6.1. */
AESNI_INLINE __m128i doubled(__m128i block)
{
    const __m128i reversed = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m128i x = _mm_shuffle_epi8(block, reversed);
    /* The top bit of each half, as all ones or zeros in each 32 bits: of the lower it is carried, of the upper it is reduced. */
    const __m128i tops = _mm_shuffle_epi32(_mm_srai_epi32(x, 31), 0x13);
    const __m128i carries = _mm_and_si128(tops, _mm_set_epi32(0, 1, 0, 0x87));
    return _mm_shuffle_epi8(_mm_xor_si128(_mm_add_epi64(x, x), carries), reversed);
}

__attribute__((target(AESNI_TARGET))) void csign_cmac_key_aesni(csign_cmac_key *out, const uint8_t key[16])
{
    const __m128i k1 = doubled(expand_and_encrypt(&out->aes, key, _mm_setzero_si128()));
    store_block(out->k1, k1);
    store_block(out->k2, doubled(k1));
}

__attribute__((target(AESNI_TARGET))) __attribute__((noinline)) static void
any_message(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    cmac_any_message(key, tag, message);
}

__attribute__((target(AESNI_TARGET))) void csign_cmac_aesni(const csign_cmac_key *key, uint8_t tag[16],
                                                            const csign_message *message)
{
    if (message->header != NULL && message->part_count == 1) {
        cmac_whole_message(key, tag, message->header, message->parts[0]);
    } else {
        any_message(key, tag, message);
    }
}

enum { LANES = 8 };

/* Round keys of a lane are read where its signer has them. */
AESNI_INLINE __m128i lane_key(const csign_cmac_lanes *lanes, unsigned l, unsigned round, bool one_key)
{
    return round_key(&lanes->key[one_key ? 0 : l]->aes, round);
}

AESNI_INLINE void lane_rounds(__m128i s[LANES], const csign_cmac_lanes *lanes, bool one_key)
{
#pragma GCC unroll 9
    for (unsigned round = 1; round < AES_ROUNDS; round++) {
#pragma GCC unroll 8
        for (unsigned l = 0; l < LANES; l++) {
            s[l] = _mm_aesenc_si128(s[l], lane_key(lanes, l, round, one_key));
        }
    }
}

/* Block number i of a lane and what the cipher adds to it: the last round key of the block before and the first of this one. */
AESNI_INLINE __m128i lane_next(const csign_cmac_lanes *lanes, unsigned l, size_t i, bool one_key)
{
    const __m128i both = _mm_xor_si128(lane_key(lanes, l, 0, one_key), lane_key(lanes, l, AES_ROUNDS, one_key));
    return _mm_xor_si128(both, load_block(lanes->at[l] + 16 * i));
}

AESNI_INLINE void lane_blocks(csign_cmac_lanes *lanes, size_t count, bool one_key)
{
    __m128i s[LANES], next[LANES];
#pragma GCC unroll 8
    for (unsigned l = 0; l < LANES; l++) {
        const __m128i first = _mm_xor_si128(load_block(lanes->at[l]), lane_key(lanes, l, 0, one_key));
        s[l] = _mm_xor_si128(load_block(lanes->chain[l]), first);
    }
    for (size_t i = 1; i < count; i++) {
#pragma GCC unroll 8
        for (unsigned l = 0; l < LANES; l++) {
            next[l] = lane_next(lanes, l, i, one_key);
        }
        /* All blocks are loaded before the rounds, and the one key's round keys after it, for which there are no registers. Measured,
           compilers left alone take a ninth longer. */
        if (one_key) {
            __asm__ volatile("" : : : "memory");
        }
        lane_rounds(s, lanes, one_key);
#pragma GCC unroll 8
        for (unsigned l = 0; l < LANES; l++) {
            s[l] = _mm_aesenclast_si128(s[l], next[l]);
        }
    }
    lane_rounds(s, lanes, one_key);
#pragma GCC unroll 8
    for (unsigned l = 0; l < LANES; l++) {
        store_block(lanes->chain[l], _mm_aesenclast_si128(s[l], lane_key(lanes, l, AES_ROUNDS, one_key)));
    }
}

__attribute__((target(AESNI_TARGET))) static void blocks(csign_cmac_lanes *lanes, size_t count)
{
    if (lanes->one_key) {
        lane_blocks(lanes, count, true);
    } else {
        lane_blocks(lanes, count, false);
    }
}

void csign_cmac_batch_aesni(csign_mac_job *const *jobs, size_t count)
{
    csign_cmac_lanes_run(LANES, blocks, jobs, count);
}

/* Eight messages that are alike: their headers as they are signed, their bodies where they lie, their last blocks, each in one go. */
__attribute__((target(AESNI_TARGET))) __attribute__((noinline)) static void
eight_alike(csign_cmac_lanes *lanes, const csign_cmac_key *const *key, const uint8_t *const *message, size_t len)
{
    const size_t before = (len - 1) / 16, body = MESSAGE_HEADER / 16; /* blocks before the last, and before the body */
    lanes->one_key = cmac_one_key(key, LANES);
    for (unsigned l = 0; l < LANES; l++) {
        lanes->key[l] = key[l];
        lanes->at[l] = lanes->lane[l].gathered;
        store_block(lanes->chain[l], _mm_setzero_si128());
        for (unsigned i = 0; i < body; i++) {
            store_block(lanes->lane[l].gathered + 16 * i, header_block(message[l], i));
        }
        store_block(lanes->lane[l].gathered + MESSAGE_HEADER, cmac_last_of(key[l], message[l], len));
    }
    blocks(lanes, before < body ? before : body);
    if (before > body) {
        for (unsigned l = 0; l < LANES; l++) {
            lanes->at[l] = message[l] + MESSAGE_HEADER;
        }
        blocks(lanes, before - body);
    }
    for (unsigned l = 0; l < LANES; l++) {
        lanes->at[l] = lanes->lane[l].gathered + MESSAGE_HEADER;
    }
    blocks(lanes, 1);
}

void csign_cmac_alike_aesni(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                            size_t count, uint8_t tags[16][16])
{
    csign_cmac_lanes lanes;
    for (unsigned first = 0; first < count; first += LANES) {
        eight_alike(&lanes, key + first, message + first, len);
        memcpy(tags[first], lanes.chain, sizeof tags[0] * LANES);
    }
    csign_wipe(lanes.chain, sizeof lanes.chain);
    for (unsigned l = 0; l < LANES; l++) {
        csign_wipe(lanes.lane[l].gathered + MESSAGE_HEADER, 16);
    }
    csign_wipe_stack();
}

#endif
