/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128 (FIPS 197) with AES-NI: what the CMAC and GMAC backends for x86-64 share. A csign_aes128_key of theirs holds the eleven round
   keys as FIPS 197 writes them, 16 bytes each. Everything here is inlined into functions that have at least these instructions. */
#ifndef COUNTERSIGN_CRYPTO_AES_X86_H
#define COUNTERSIGN_CRYPTO_AES_X86_H

#include "build.h"

#if defined(CSIGN_HAVE_AESNI)

#include <immintrin.h>

#include "../include/countersign/signer_state.h"
#include "message.h"

#define AESNI_TARGET "aes,ssse3,sse4.1"
#define AESNI_INLINE static inline __attribute__((always_inline, target(AESNI_TARGET)))

enum { AES_ROUNDS = 10 };

AESNI_INLINE __m128i load_block(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

AESNI_INLINE void store_block(uint8_t *p, __m128i block)
{
    _mm_storeu_si128((__m128i *)(void *)p, block);
}

AESNI_INLINE __m128i round_key(const csign_aes128_key *key, unsigned round)
{
    return _mm_loadu_si128((const __m128i *)(const void *)key->rounds[round]);
}

/* The next round key, section 5.2. AESENCLAST of a block whose four columns are the same word is SubWord of it, and the xor of
   a round constant; AESKEYGENASSIST does no more, and is slower. */
AESNI_INLINE __m128i next_round_key(__m128i key, int rcon)
{
    const __m128i rotated_last_word = _mm_set1_epi32(0x0C0F0E0D);
    const __m128i word = _mm_aesenclast_si128(_mm_shuffle_epi8(key, rotated_last_word), _mm_set1_epi32(rcon));
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
    return _mm_xor_si128(key, word);
}

/* Makes the round keys and encrypts one block with them as they come. */
AESNI_INLINE __m128i expand_and_encrypt(csign_aes128_key *out, const uint8_t key[16], __m128i block)
{
    static const uint8_t rcon[AES_ROUNDS] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1B, 0x36};
    __m128i k = load_block(key);
    _mm_storeu_si128((__m128i *)(void *)out->rounds[0], k);
    block = _mm_xor_si128(block, k);
#pragma GCC unroll 10
    for (unsigned round = 1; round <= AES_ROUNDS; round++) {
        k = next_round_key(k, rcon[round - 1]);
        _mm_storeu_si128((__m128i *)(void *)out->rounds[round], k);
        block = round < AES_ROUNDS ? _mm_aesenc_si128(block, k) : _mm_aesenclast_si128(block, k);
    }
    return block;
}

AESNI_INLINE __m128i encrypt_block(const csign_aes128_key *key, __m128i block)
{
    block = _mm_xor_si128(block, round_key(key, 0));
#pragma GCC unroll 9
    for (unsigned round = 1; round < AES_ROUNDS; round++) {
        block = _mm_aesenc_si128(block, round_key(key, round));
    }
    return _mm_aesenclast_si128(block, round_key(key, AES_ROUNDS));
}

AESNI_INLINE uint64_t load_64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

AESNI_INLINE uint32_t load_32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

AESNI_INLINE __m128i byte_numbers(void)
{
    return _mm_set_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

/* A block behind n bytes of zeros, without its last n. */
AESNI_INLINE __m128i moved_up(__m128i block, size_t n)
{
    return _mm_shuffle_epi8(block, _mm_sub_epi8(byte_numbers(), _mm_set1_epi8((char)n)));
}

/* The 1..15 bytes at p and zeros; nothing else is read. Two loads that overlap, of half the size. */
AESNI_INLINE __m128i load_partial(const uint8_t *p, size_t len)
{
    uint64_t low, high = 0;
    if (len >= 8) {
        low = load_64(p);
        high = (load_64(p + len - 8) >> 1) >> (8 * (16 - len) - 1);
    } else if (len >= 4) {
        low = load_32(p) | (uint64_t)load_32(p + len - 4) << (8 * (len - 4));
    } else {
        low = p[0] | (uint64_t)p[len / 2] << (8 * (len / 2)) | (uint64_t)p[len - 1] << (8 * (len - 1) % 64);
    }
    return _mm_set_epi64x((long long)high, (long long)low);
}

#endif

#endif
