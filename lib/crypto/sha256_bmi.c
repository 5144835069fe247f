/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 of one message with AVX and BMI, by sha2_bmi.h, for processors without the SHA extensions: FIPS 180-4 section 6.2.2. */
#include "build.h"

#ifdef CSIGN_HAVE_AVX2

#include <immintrin.h>

#include "backend_x86.h"
#include "sha256.h"

#define TARGET __attribute__((target("avx,bmi,bmi2")))
#define INLINE static inline __attribute__((always_inline)) TARGET

typedef uint32_t word;
typedef __m128i vec;
enum { ROUNDS = 64 };

#define ROTR(x, n) (((x) >> (n)) | ((x) << (32 - (n))))
#define BIG_SIGMA_0(x) (ROTR(x, 2) ^ ROTR(x, 13) ^ ROTR(x, 22))
#define BIG_SIGMA_1(x) (ROTR(x, 6) ^ ROTR(x, 11) ^ ROTR(x, 25))

#define ROR(x, n) _mm_or_si128(_mm_srli_epi32(x, n), _mm_slli_epi32(x, 32 - (n)))

INLINE vec small_sigma_0(vec x)
{
    return _mm_xor_si128(_mm_xor_si128(ROR(x, 7), ROR(x, 18)), _mm_srli_epi32(x, 3));
}

INLINE vec small_sigma_1(vec x)
{
    return _mm_xor_si128(_mm_xor_si128(ROR(x, 17), ROR(x, 19)), _mm_srli_epi32(x, 10));
}

/* Of the sixteen words before them the next four, step 1; the last two need the first two. */
INLINE vec next_words(vec w0, vec w4, vec w8, vec w12)
{
    vec sum = _mm_add_epi32(_mm_add_epi32(w0, small_sigma_0(_mm_alignr_epi8(w4, w0, 4))), _mm_alignr_epi8(w12, w8, 4));
    sum = _mm_add_epi32(sum, small_sigma_1(_mm_srli_si128(w12, 8)));
    return _mm_add_epi32(sum, small_sigma_1(_mm_slli_si128(sum, 8)));
}

INLINE vec load_words(const uint8_t *p)
{
    const vec turn = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)p), turn);
}

INLINE void store_wk(uint32_t wk[4], vec w, unsigned t)
{
    const vec k = _mm_load_si128((const __m128i *)(csign_sha256_k + t));
    _mm_storeu_si128((__m128i *)wk, _mm_add_epi32(w, k));
}

#include "sha2_bmi.h"

TARGET void csign_sha256_bmi(uint32_t hash[8], const uint8_t *blocks, size_t count)
{
    compress_blocks(hash, blocks, count);
}

#endif
