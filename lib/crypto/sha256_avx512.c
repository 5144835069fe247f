/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 of sixteen messages at once with AVX-512: FIPS 180-4 section 6.2.2. Rotations and functions of three words are one instruction
   each. */
#include "build.h"

#ifdef CSIGN_HAVE_AVX512

#include <immintrin.h>

#include "backend_x86.h"
#include "each_of.h"

#define LANES 16
#define LANES_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define LANES_INLINE static inline __attribute__((always_inline)) LANES_TARGET

typedef __m512i vec;

#define v_add(x, y) _mm512_add_epi32(x, y)
#define v_ror(x, n) _mm512_ror_epi32(x, n)
#define v_shr(x, n) _mm512_srli_epi32(x, n)
#define v_xor3(x, y, z) _mm512_xor_si512(_mm512_xor_si512(x, y), z)
#define v_ch(x, y, z) _mm512_xor_si512(z, _mm512_and_si512(x, _mm512_xor_si512(y, z)))
#define v_maj(x, y, z) _mm512_or_si512(_mm512_and_si512(x, y), _mm512_and_si512(z, _mm512_or_si512(x, y)))
#define v_set1(x) _mm512_set1_epi32((int)(x))

#define v_swap(x) _mm512_shuffle_epi8(x, _mm512_broadcast_i32x4(_mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203)))

/* Rows a..d of four words each become columns; in every quarter by itself. */
#define QUARTERS(r, i)                                                                                                 \
    do {                                                                                                               \
        const vec ab_low = _mm512_unpacklo_epi32((r)[i], (r)[(i) + 1]);                                                \
        const vec ab_high = _mm512_unpackhi_epi32((r)[i], (r)[(i) + 1]);                                               \
        const vec cd_low = _mm512_unpacklo_epi32((r)[(i) + 2], (r)[(i) + 3]);                                          \
        const vec cd_high = _mm512_unpackhi_epi32((r)[(i) + 2], (r)[(i) + 3]);                                         \
        (r)[i] = _mm512_unpacklo_epi64(ab_low, cd_low);                                                                \
        (r)[(i) + 1] = _mm512_unpackhi_epi64(ab_low, cd_low);                                                          \
        (r)[(i) + 2] = _mm512_unpacklo_epi64(ab_high, cd_high);                                                        \
        (r)[(i) + 3] = _mm512_unpackhi_epi64(ab_high, cd_high);                                                        \
    } while (0)

/* The quarters of four rows likewise. */
#define ROWS(r, i)                                                                                                     \
    do {                                                                                                               \
        const vec even_low = _mm512_shuffle_i32x4((r)[i], (r)[(i) + 4], 0x88);                                         \
        const vec odd_low = _mm512_shuffle_i32x4((r)[i], (r)[(i) + 4], 0xDD);                                          \
        const vec even_high = _mm512_shuffle_i32x4((r)[(i) + 8], (r)[(i) + 12], 0x88);                                 \
        const vec odd_high = _mm512_shuffle_i32x4((r)[(i) + 8], (r)[(i) + 12], 0xDD);                                  \
        (r)[i] = _mm512_shuffle_i32x4(even_low, even_high, 0x88);                                                      \
        (r)[(i) + 4] = _mm512_shuffle_i32x4(odd_low, odd_high, 0x88);                                                  \
        (r)[(i) + 8] = _mm512_shuffle_i32x4(even_low, even_high, 0xDD);                                                \
        (r)[(i) + 12] = _mm512_shuffle_i32x4(odd_low, odd_high, 0xDD);                                                 \
    } while (0)

LANES_INLINE void transpose(vec r[16])
{
    QUARTERS(r, 0);
    QUARTERS(r, 4);
    QUARTERS(r, 8);
    QUARTERS(r, 12);
    ROWS(r, 0);
    ROWS(r, 1);
    ROWS(r, 2);
    ROWS(r, 3);
}

LANES_INLINE void load_blocks(vec w[16], const uint8_t *const *from, size_t at)
{
#define LOAD_W(i) w[i] = v_swap(_mm512_loadu_si512(from[i] + at));
    EACH_OF_16(LOAD_W)
    transpose(w);
}

LANES_INLINE void load_hashes(vec hash[8], const uint8_t *const *from)
{
    vec rows[16];
#define LOAD_ROW(i) rows[i] = _mm512_zextsi256_si512(_mm256_loadu_si256((const __m256i *)from[i]));
    EACH_OF_16(LOAD_ROW)
    transpose(rows);
#define TAKE(i) hash[i] = rows[i];
    EACH_OF_8(TAKE)
}

LANES_INLINE void store_hashes(uint8_t *const *to, const vec hash[8])
{
    vec rows[16];
#define GIVE(i) (rows[i] = hash[i], rows[8 + (i)] = _mm512_setzero_si512());
    EACH_OF_8(GIVE)
    transpose(rows);
#define STORE(i) _mm256_storeu_si256((__m256i *)to[i], _mm512_castsi512_si256(rows[i]));
    EACH_OF_16(STORE)
}

#include "sha256_lanes.h"

LANES_TARGET void csign_hmac_lanes_avx512(csign_hmac_lane *const *lanes, size_t count, bool last)
{
    compress_lanes(lanes, count, last);
}

#endif
