/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 by the SHA extensions of x86 (Intel SDM volume 2, SHA256RNDS2, SHA256MSG1, SHA256MSG2): FIPS 180-4 section 6.2.2. They keep
   the working variables in two registers and do two rounds at a time, each pair with the result of the one before: four cycles for
   each, 128 for a block, and nothing makes one message faster. The message schedule fits in between, and so do the rounds of a second
   message. Inlined, so that a hash value stays in registers from block to block; all of it is in sixteen registers. */
#ifndef COUNTERSIGN_CRYPTO_SHA256_SHANI_H
#define COUNTERSIGN_CRYPTO_SHA256_SHANI_H

#include <immintrin.h>
#include <stdint.h>

#include "sha256.h"

#define SHANI_TARGET __attribute__((target("sha,sse4.1")))
#define SHANI static inline __attribute__((always_inline)) SHANI_TARGET

/* Registers are written from their lowest word on. */
typedef struct shani_hash {
    __m128i feba, hgdc;
} shani_hash;

/* The last sixteen words of the message schedule. */
typedef struct shani_words {
    __m128i w0, w4, w8, w12;
} shani_words;

SHANI __m128i shani_load(const void *p)
{
    return _mm_loadu_si128((const __m128i *)p);
}

SHANI void shani_store(void *p, __m128i v)
{
    _mm_storeu_si128((__m128i *)p, v);
}

SHANI shani_hash shani_hash_load(const uint32_t hash[8])
{
    const __m128i badc = _mm_shuffle_epi32(shani_load(hash), 0xB1);
    const __m128i hgfe = _mm_shuffle_epi32(shani_load(hash + 4), 0x1B);
    return (shani_hash){_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xF0)};
}

/* The words of a hash value in their order, four and four. */
SHANI void shani_hash_words(__m128i *abcd, __m128i *efgh, shani_hash hash)
{
    const __m128i abef = _mm_shuffle_epi32(hash.feba, 0x1B);
    const __m128i ghcd = _mm_shuffle_epi32(hash.hgdc, 0xB1);
    *abcd = _mm_blend_epi16(abef, ghcd, 0xF0);
    *efgh = _mm_alignr_epi8(ghcd, abef, 8);
}

SHANI void shani_hash_store(uint32_t out[8], shani_hash hash)
{
    __m128i abcd, efgh;
    shani_hash_words(&abcd, &efgh, hash);
    shani_store(out, abcd);
    shani_store(out + 4, efgh);
}

/* Four words from or to big-endian bytes. */
SHANI __m128i shani_big_endian(__m128i words)
{
    return _mm_shuffle_epi8(words, _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
}

SHANI shani_words shani_words_load(const uint8_t block[64])
{
    return (shani_words){shani_big_endian(shani_load(block)), shani_big_endian(shani_load(block + 16)),
                         shani_big_endian(shani_load(block + 32)), shani_big_endian(shani_load(block + 48))};
}

/* The round constants, of which the compiler does not know that they are the same for each block: gcc would load them all before the
   first, and for want of registers store them on the stack. */
SHANI const uint32_t *shani_constants(void)
{
    const uint32_t *k = csign_sha256_k;
    __asm__ volatile("" : "+r"(k));
    return k;
}

/* The schedule is a ring of four registers: a step does four rounds with the words in w0, of all messages, and then replaces
   them by those of sixteen rounds later. Behind round 48 nobody needs them, and the compiler leaves that out. */
SHANI shani_hash shani_rounds(shani_hash hash, __m128i words, const uint32_t *k)
{
    const __m128i wk = _mm_add_epi32(words, _mm_load_si128((const __m128i *)k));
    hash.hgdc = _mm_sha256rnds2_epu32(hash.hgdc, hash.feba, wk);
    hash.feba = _mm_sha256rnds2_epu32(hash.feba, hash.hgdc, _mm_shuffle_epi32(wk, 0x0E));
    return hash;
}

SHANI __m128i shani_schedule(__m128i w0, __m128i w4, __m128i w8, __m128i w12)
{
    const __m128i w9 = _mm_alignr_epi8(w12, w8, 4);
    return _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), w9), w12);
}

SHANI void shani_16_rounds(shani_hash *hash, shani_words *w, const uint32_t *k)
{
    *hash = shani_rounds(*hash, w->w0, k);
    w->w0 = shani_schedule(w->w0, w->w4, w->w8, w->w12);
    *hash = shani_rounds(*hash, w->w4, k + 4);
    w->w4 = shani_schedule(w->w4, w->w8, w->w12, w->w0);
    *hash = shani_rounds(*hash, w->w8, k + 8);
    w->w8 = shani_schedule(w->w8, w->w12, w->w0, w->w4);
    *hash = shani_rounds(*hash, w->w12, k + 12);
    w->w12 = shani_schedule(w->w12, w->w0, w->w4, w->w8);
}

SHANI void shani_16_rounds_of_two(shani_hash hash[2], shani_words w[2], const uint32_t *k)
{
    hash[0] = shani_rounds(hash[0], w[0].w0, k);
    hash[1] = shani_rounds(hash[1], w[1].w0, k);
    w[0].w0 = shani_schedule(w[0].w0, w[0].w4, w[0].w8, w[0].w12);
    w[1].w0 = shani_schedule(w[1].w0, w[1].w4, w[1].w8, w[1].w12);
    hash[0] = shani_rounds(hash[0], w[0].w4, k + 4);
    hash[1] = shani_rounds(hash[1], w[1].w4, k + 4);
    w[0].w4 = shani_schedule(w[0].w4, w[0].w8, w[0].w12, w[0].w0);
    w[1].w4 = shani_schedule(w[1].w4, w[1].w8, w[1].w12, w[1].w0);
    hash[0] = shani_rounds(hash[0], w[0].w8, k + 8);
    hash[1] = shani_rounds(hash[1], w[1].w8, k + 8);
    w[0].w8 = shani_schedule(w[0].w8, w[0].w12, w[0].w0, w[0].w4);
    w[1].w8 = shani_schedule(w[1].w8, w[1].w12, w[1].w0, w[1].w4);
    hash[0] = shani_rounds(hash[0], w[0].w12, k + 12);
    hash[1] = shani_rounds(hash[1], w[1].w12, k + 12);
    w[0].w12 = shani_schedule(w[0].w12, w[0].w0, w[0].w4, w[0].w8);
    w[1].w12 = shani_schedule(w[1].w12, w[1].w0, w[1].w4, w[1].w8);
}

SHANI shani_hash shani_add(shani_hash a, shani_hash b)
{
    return (shani_hash){_mm_add_epi32(a.feba, b.feba), _mm_add_epi32(a.hgdc, b.hgdc)};
}

/* One block of one message. */
SHANI shani_hash shani_compress(shani_hash hash, shani_words w)
{
    const uint32_t *k = shani_constants();
    shani_hash working = hash;
    shani_16_rounds(&working, &w, k);
    shani_16_rounds(&working, &w, k + 16);
    shani_16_rounds(&working, &w, k + 32);
    shani_16_rounds(&working, &w, k + 48);
    return shani_add(hash, working);
}

/* One block of each of two messages. */
SHANI void shani_compress_two(shani_hash hash[2], shani_words w[2])
{
    const uint32_t *k = shani_constants();
    shani_hash working[2] = {hash[0], hash[1]};
    shani_16_rounds_of_two(working, w, k);
    shani_16_rounds_of_two(working, w, k + 16);
    shani_16_rounds_of_two(working, w, k + 32);
    shani_16_rounds_of_two(working, w, k + 48);
    hash[0] = shani_add(hash[0], working[0]);
    hash[1] = shani_add(hash[1], working[1]);
}

#endif
