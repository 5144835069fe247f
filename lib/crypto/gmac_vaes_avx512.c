/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC with VPCLMULQDQ on 512 bits: registers of four blocks, filled by masked loads, which read no byte that their mask
   does not name. */
#include "reader_x86.h"

#if defined(CSIGN_HAVE_VAES_AVX512)

#include "backend_x86.h"

#define GMAC_TARGET AESNI_TARGET ",pclmul,avx512f,avx512bw,avx512dq,avx512vl,vpclmulqdq"
#define GMAC_INLINE static inline __attribute__((always_inline, target(GMAC_TARGET)))

enum { LANES = 4, STRIDE = 8 };
#define GMAC_UNROLL _Pragma("GCC unroll 3")
typedef __m512i vector;

#define POLYNOMIAL 0xC200000000000000
#define multiply_halves(a, b, which) _mm512_clmulepi64_epi128(a, b, which)

GMAC_INLINE vector zero(void)
{
    return _mm512_setzero_si512();
}

GMAC_INLINE vector load(const uint8_t *p)
{
    return _mm512_loadu_si512(p);
}

GMAC_INLINE void store(uint8_t *p, vector v)
{
    _mm512_storeu_si512(p, v);
}

GMAC_INLINE vector broadcast(const uint8_t *p)
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)p));
}

GMAC_INLINE vector extend(__m128i block)
{
    return _mm512_zextsi128_si512(block);
}

GMAC_INLINE vector xor2(vector a, vector b)
{
    return _mm512_xor_si512(a, b);
}

/* GCC would put off two plain XORs until all that follow wait too, on the stack; MemorySanitizer does not know VPTERNLOG. */
GMAC_INLINE vector xor3(vector a, vector b, vector c)
{
#if defined(__clang__)
    return _mm512_xor_si512(_mm512_xor_si512(a, b), c);
#else
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
#endif
}

GMAC_INLINE vector swap_halves(vector v)
{
    return _mm512_shuffle_epi32(v, _MM_PERM_BADC);
}

GMAC_INLINE vector unpack_low(vector a, vector b)
{
    return _mm512_unpacklo_epi64(a, b);
}

GMAC_INLINE vector unpack_high(vector a, vector b)
{
    return _mm512_unpackhi_epi64(a, b);
}

GMAC_INLINE vector reverse(vector v)
{
    return _mm512_shuffle_epi8(v, _mm512_set4_epi32(0x00010203, 0x04050607, 0x08090A0B, 0x0C0D0E0F));
}

GMAC_INLINE vector polynomial(void)
{
    return _mm512_set4_epi64((long long)POLYNOMIAL, 1, (long long)POLYNOMIAL, 1);
}

/* The first lane in all of them. */
GMAC_INLINE vector spread_first(vector v)
{
    return _mm512_shuffle_i64x2(v, v, 0);
}

GMAC_INLINE __m128i fold(vector v)
{
    const __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
    return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

GMAC_INLINE vector first_powers(__m128i h);
GMAC_INLINE vector next_vector(reader *r);

#include "gmac_x86.h"

/* H^4, H^3, H^2, H: lanes times the power of another lane, or times H^0. */
GMAC_INLINE vector first_powers(__m128i h)
{
    const vector one = polynomial();
    vector v = _mm512_broadcast_i32x4(h);
    v = multiply(v, _mm512_mask_mov_epi64(one, 0x33, v));
    return multiply(v, _mm512_mask_mov_epi64(one, 0x0F, spread_first(v)));
}

GMAC_INLINE vector next_vector(reader *r)
{
    if (r->header != NULL) {
        const vector flag = _mm512_maskz_set1_epi8(UINT64_C(1) << MESSAGE_FLAG_AT, MESSAGE_FLAG);
        const vector header = _mm512_maskz_loadu_epi64((1 << MESSAGE_ZEROS_AT / 8) - 1, r->header);
        r->header = NULL;
        return _mm512_or_si512(header, flag);
    }
    if (r->left >= VECTOR) {
        return load(read_over(r, VECTOR));
    }
    vector v = zero();
    for (size_t filled = 0; filled < VECTOR && read_on(r);) {
        const size_t room = VECTOR - filled, n = r->left < room ? r->left : room;
        const __mmask64 bytes = UINT64_MAX >> (VECTOR - n) << filled;
        /* The address of where the register would begin, which may be none of the part's. */
        v = _mm512_or_si512(v, _mm512_maskz_loadu_epi8(bytes, (const void *)((uintptr_t)r->at - filled)));
        read_over(r, n);
        filled += n;
    }
    return v;
}

__attribute__((target(GMAC_TARGET))) void csign_gmac_key_vaes_avx512(csign_gmac_key *out, const uint8_t key[16])
{
    make_key(out, key);
}

__attribute__((target(GMAC_TARGET))) void csign_gmac_vaes_avx512(const csign_gmac_key *key, uint8_t tag[16],
                                                                 csign_nonce nonce, const csign_message *message)
{
    make_mac(key, tag, nonce, message);
}

#endif
