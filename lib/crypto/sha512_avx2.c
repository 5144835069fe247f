/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-512 with AVX2 and BMI, by sha2_bmi.h: FIPS 180-4 section 6.4.2. */
#include "build.h"

#ifdef CSIGN_HAVE_AVX2

#include <immintrin.h>

#include "backend_x86.h"

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#define INLINE static inline __attribute__((always_inline)) TARGET

typedef uint64_t word;
typedef __m256i vec;
enum { ROUNDS = 80 };

#define ROTR(x, n) (((x) >> (n)) | ((x) << (64 - (n))))
#define BIG_SIGMA_0(x) (ROTR(x, 28) ^ ROTR(x, 34) ^ ROTR(x, 39))
#define BIG_SIGMA_1(x) (ROTR(x, 14) ^ ROTR(x, 18) ^ ROTR(x, 41))

#define ROR(x, n) _mm256_or_si256(_mm256_srli_epi64(x, n), _mm256_slli_epi64(x, 64 - (n)))

INLINE vec small_sigma_0(vec x)
{
    return _mm256_xor_si256(_mm256_xor_si256(ROR(x, 1), ROR(x, 8)), _mm256_srli_epi64(x, 7));
}

INLINE vec small_sigma_1(vec x)
{
    return _mm256_xor_si256(_mm256_xor_si256(ROR(x, 19), ROR(x, 61)), _mm256_srli_epi64(x, 6));
}

/* Of eight words the second to the fifth. */
INLINE vec one_word_on(vec low, vec high)
{
    return _mm256_alignr_epi8(_mm256_permute2x128_si256(low, high, 0x21), low, 8);
}

/* Of the sixteen words before them the next four, step 1; the last two need the first two. */
INLINE vec next_words(vec w0, vec w4, vec w8, vec w12)
{
    vec sum = _mm256_add_epi64(_mm256_add_epi64(w0, small_sigma_0(one_word_on(w0, w4))), one_word_on(w8, w12));
    sum = _mm256_add_epi64(sum, small_sigma_1(_mm256_permute2x128_si256(w12, w12, 0x81)));
    return _mm256_add_epi64(sum, small_sigma_1(_mm256_permute2x128_si256(sum, sum, 0x08)));
}

INLINE vec load_words(const uint8_t *p)
{
    const vec turn = _mm256_set_epi64x(0x08090A0B0C0D0E0F, 0x0001020304050607, 0x08090A0B0C0D0E0F, 0x0001020304050607);
    return _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)p), turn);
}

INLINE void store_wk(uint64_t wk[4], vec w, unsigned t)
{
    const vec k = _mm256_loadu_si256((const __m256i *)(csign_sha512_k + t));
    _mm256_storeu_si256((__m256i *)wk, _mm256_add_epi64(w, k));
}

#include "sha2_bmi.h"

TARGET void csign_sha512_avx2(uint64_t hash[8], const uint8_t *blocks, size_t count)
{
    compress_blocks(hash, blocks, count);
}

#endif
