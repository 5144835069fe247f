/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC with VPCLMULQDQ on 512 bits: registers of four blocks, filled by masked loads, which read no byte that their mask
   does not name. */
#include "reader_x86.h"

#if defined(CSIGN_HAVE_VAES_AVX512)

#include "backend_x86.h"

#define GMAC_TARGET AESNI_TARGET ",pclmul,avx512f,avx512bw,avx512dq,avx512vl,vpclmulqdq,vaes"
#define GMAC_INLINE static inline __attribute__((always_inline, target(GMAC_TARGET)))

enum { LANES = 4, POWERS = 20, STRIDE = 8, RUN = 1024 };
#define GMAC_UNROLL _Pragma("GCC unroll 6")
#define GMAC_HIDE(count)
#define GMAC_WIPE(hash)
#define GMAC_STEP GMAC_INLINE
typedef __m512i vector;

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

GMAC_INLINE vector spread(__m128i block)
{
    return _mm512_broadcast_i32x4(block);
}

/* The first lane in all. */
GMAC_INLINE vector spread_first(vector v)
{
    return _mm512_shuffle_i64x2(v, v, 0x00);
}

GMAC_INLINE __m128i fold(vector v)
{
    const __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
    return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

#include "gmac_message_x86.h"

/* All powers and their sums are in registers; those that the key has no room for are made here, which long runs are worth. */
GMAC_STEP void hash_many(const csign_gmac_key *key, vector *hash, const uint8_t *at, size_t count)
{
    const vector p1 = broadcast(key->powers[place(4)]), p2 = broadcast(key->powers[place(8)]);
    const vector p3 = broadcast(key->powers[place(12)]), p4 = broadcast(key->powers[place(16)]);
    const vector p5 = broadcast(key->powers[place(20)]);
    const vector p6 = multiply(p2, p4), p7 = multiply(p3, p4), p8 = square(p4);
    const vector p21 = sums(p2, p1), p43 = sums(p4, p3), p65 = sums(p6, p5), p87 = sums(p8, p7);
    vector h = *hash;
    for (; count > 0; count--, at += STRIDE * VECTOR) {
        product sum = {zero(), zero(), zero()};
        sum = add_products(sum, reversed(at + 6 * VECTOR), reversed(at + 7 * VECTOR), p2, p1, p21);
        sum = add_products(sum, reversed(at + 4 * VECTOR), reversed(at + 5 * VECTOR), p4, p3, p43);
        sum = add_products(sum, reversed(at + 2 * VECTOR), reversed(at + 3 * VECTOR), p6, p5, p65);
        h = xor2(h, reversed(at));
        h = reduce_sum(add_products(sum, h, reversed(at + VECTOR), p8, p7, p87));
    }
    *hash = h;
}

/* Without its zeros' bytes, which may have just been written. */
GMAC_INLINE vector header_vector(const uint8_t *header, unsigned i)
{
    (void)i; /* 0 */
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)header);
    const vector flag = _mm512_set_epi32(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, MESSAGE_FLAG, 0, 0, 0, 0);
    return _mm512_or_si512(_mm512_inserti32x4(_mm512_zextsi256_si512(low), load_block(header + 32), 2), flag);
}

GMAC_INLINE vector last_vector(const uint8_t *at, size_t left)
{
    return _mm512_maskz_loadu_epi8(UINT64_MAX >> (VECTOR - left), at);
}

#include "gmac_alike.h"

/* H^4 to H, of H in all lanes. */
GMAC_INLINE vector first_powers(vector h)
{
    const vector h2_h = _mm512_mask_mov_epi64(h, 0x33, square(h));
    return _mm512_mask_mov_epi64(h2_h, 0x0F, multiply(h2_h, spread_first(h2_h)));
}

GMAC_INLINE vector next_vector(reader *r)
{
    if (r->header != NULL) {
        const vector header = header_vector(r->header, 0);
        r->header = NULL;
        return header;
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

__attribute__((target(GMAC_TARGET))) void csign_gmac_alike_vaes_avx512(const csign_gmac_key *key,
                                                                       const csign_nonce nonce[16],
                                                                       const uint8_t *const message[16], size_t len,
                                                                       size_t count, uint8_t tags[16][16])
{
    alike_macs(key, nonce, message, len, count, tags);
}

#endif
