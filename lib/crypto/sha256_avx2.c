/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 of eight messages at once with AVX2: FIPS 180-4 section 6.2.2. */
#include "build.h"

#ifdef CSIGN_HAVE_AVX2

#include <immintrin.h>

#include "backend_x86.h"
#include "each_of.h"

#define LANES 8
#define LANES_TARGET __attribute__((target("avx2")))
#define LANES_INLINE static inline __attribute__((always_inline)) LANES_TARGET

typedef __m256i vec;

#define v_add(x, y) _mm256_add_epi32(x, y)
#define v_ror(x, n) _mm256_or_si256(_mm256_srli_epi32(x, n), _mm256_slli_epi32(x, 32 - (n)))
#define v_shr(x, n) _mm256_srli_epi32(x, n)
#define v_xor3(x, y, z) _mm256_xor_si256(_mm256_xor_si256(x, y), z)
#define v_ch(x, y, z) _mm256_xor_si256(z, _mm256_and_si256(x, _mm256_xor_si256(y, z)))
#define v_maj(x, y, z) _mm256_xor_si256(y, _mm256_and_si256(_mm256_xor_si256(x, y), _mm256_xor_si256(y, z)))
#define v_set1(x) _mm256_set1_epi32((int)(x))
#define v_swap(x)                                                                                                      \
    _mm256_shuffle_epi8(                                                                                               \
        x, _mm256_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203, 0x0C0D0E0F08090A0B, 0x0405060700010203))

/* Four rows of four words each become columns; in each half by itself. */
LANES_INLINE void transpose_halves(vec r[4])
{
    const vec low_01 = _mm256_unpacklo_epi32(r[0], r[1]), high_01 = _mm256_unpackhi_epi32(r[0], r[1]);
    const vec low_23 = _mm256_unpacklo_epi32(r[2], r[3]), high_23 = _mm256_unpackhi_epi32(r[2], r[3]);
    r[0] = _mm256_unpacklo_epi64(low_01, low_23);
    r[1] = _mm256_unpackhi_epi64(low_01, low_23);
    r[2] = _mm256_unpacklo_epi64(high_01, high_23);
    r[3] = _mm256_unpackhi_epi64(high_01, high_23);
}

LANES_INLINE void transpose(vec r[8])
{
    transpose_halves(r);
    transpose_halves(r + 4);
#define SWAP_HALVES(i)                                                                                                 \
    do {                                                                                                               \
        const vec low = _mm256_permute2x128_si256(r[i], r[(i) + 4], 0x20);                                             \
        r[(i) + 4] = _mm256_permute2x128_si256(r[i], r[(i) + 4], 0x31);                                                \
        r[i] = low;                                                                                                    \
    } while (0)
    SWAP_HALVES(0);
    SWAP_HALVES(1);
    SWAP_HALVES(2);
    SWAP_HALVES(3);
}

LANES_INLINE void load_hashes(vec hash[8], const uint8_t *const from[8])
{
#define LOAD_HASH(i) hash[i] = _mm256_loadu_si256((const __m256i *)from[i]);
    EACH_OF_8(LOAD_HASH)
    transpose(hash);
}

LANES_INLINE void store_hashes(uint8_t *const to[8], vec hash[8])
{
    transpose(hash);
#define STORE_HASH(i) _mm256_storeu_si256((__m256i *)to[i], hash[i]);
    EACH_OF_8(STORE_HASH)
}

LANES_INLINE void load_blocks(vec w[16], const uint8_t *const from[8], size_t at)
{
#define LOAD_LOW(i) w[i] = v_swap(_mm256_loadu_si256((const __m256i *)(from[i] + at)));
#define LOAD_HIGH(i) w[8 + (i)] = v_swap(_mm256_loadu_si256((const __m256i *)(from[i] + at + 32)));
    EACH_OF_8(LOAD_LOW)
    transpose(w);
    EACH_OF_8(LOAD_HIGH)
    transpose(w + 8);
}

#include "sha256_lanes.h"

LANES_TARGET void csign_hmac_lanes_avx2(csign_hmac_lane *const *lanes, size_t count, bool last)
{
    compress_lanes(lanes, count, last);
}

#endif
