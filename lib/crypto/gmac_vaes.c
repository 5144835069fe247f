/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC with VPCLMULQDQ on 256 bits: registers of two blocks. */
#include "reader_x86.h"

#if defined(CSIGN_HAVE_VAES)

#include "backend_x86.h"

#define GMAC_TARGET AESNI_TARGET ",pclmul,avx2,vpclmulqdq"
#define GMAC_INLINE static inline __attribute__((always_inline, target(GMAC_TARGET)))

enum { LANES = 2, POWERS = 20, RUN = 320 };
typedef __m256i vector;

#define multiply_halves(a, b, which) _mm256_clmulepi64_epi128(a, b, which)

GMAC_INLINE vector zero(void)
{
    return _mm256_setzero_si256();
}

GMAC_INLINE vector load(const uint8_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

GMAC_INLINE void store(uint8_t *p, vector v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, v);
}

GMAC_INLINE vector broadcast(const uint8_t *p)
{
    return _mm256_broadcastsi128_si256(load_block(p));
}

GMAC_INLINE vector extend(__m128i block)
{
    return _mm256_zextsi128_si256(block);
}

GMAC_INLINE vector xor2(vector a, vector b)
{
    return _mm256_xor_si256(a, b);
}

GMAC_INLINE vector xor3(vector a, vector b, vector c)
{
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}

GMAC_INLINE vector swap_halves(vector v)
{
    return _mm256_shuffle_epi32(v, 0x4E);
}

GMAC_INLINE vector unpack_low(vector a, vector b)
{
    return _mm256_unpacklo_epi64(a, b);
}

GMAC_INLINE vector unpack_high(vector a, vector b)
{
    return _mm256_unpackhi_epi64(a, b);
}

GMAC_INLINE vector reverse(vector v)
{
    return _mm256_shuffle_epi8(
        v, _mm256_broadcastsi128_si256(_mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)));
}

GMAC_INLINE vector spread(__m128i block)
{
    return _mm256_broadcastsi128_si256(block);
}

/* The first lane in all. */
GMAC_INLINE vector spread_first(vector v)
{
    return _mm256_permute2x128_si256(v, v, 0x00);
}

GMAC_INLINE __m128i fold(vector v)
{
    return _mm_xor_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
}

#include "gmac_narrow.h"

GMAC_STEP void hash_many(const csign_gmac_key *key, vector *hash, const uint8_t *at, size_t count)
{
    hash_strides(hash, at, count, key->powers, key->sums);
}

/* H^2 and H, of H in both lanes. */
GMAC_INLINE vector first_powers(vector h)
{
    return _mm256_blend_epi32(square(h), h, 0xF0);
}

GMAC_INLINE vector next_vector(reader *r)
{
    if (r->header == NULL && r->left >= VECTOR) {
        return load(read_over(r, VECTOR));
    }
    const __m128i first = read_block(r);
    return _mm256_set_m128i(read_block(r), first);
}

GMAC_INLINE vector header_vector(const uint8_t *header, unsigned i)
{
    return _mm256_set_m128i(header_block(header, 2 * i + 1), header_block(header, 2 * i));
}

GMAC_INLINE vector last_vector(const uint8_t *at, size_t left)
{
    if (left < 16) {
        return extend(load_partial(at, left));
    }
    return left == 16 ? extend(load_block(at)) : _mm256_set_m128i(load_partial(at + 16, left - 16), load_block(at));
}

__attribute__((target(GMAC_TARGET))) void csign_gmac_key_vaes(csign_gmac_key *out, const uint8_t key[16])
{
    make_key(out, key);
}

__attribute__((target(GMAC_TARGET))) void csign_gmac_vaes(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce,
                                                          const csign_message *message)
{
    make_mac(key, tag, nonce, message);
}

#endif
