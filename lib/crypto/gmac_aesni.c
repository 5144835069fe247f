/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC with PCLMULQDQ: registers of one block. */
#include "reader_x86.h"

#if defined(CSIGN_HAVE_AESNI)

#include "backend_x86.h"

#define GMAC_TARGET AESNI_TARGET ",pclmul"
#define GMAC_INLINE static inline __attribute__((always_inline, target(GMAC_TARGET)))

enum { LANES = 1 };
typedef __m128i vector;

#define multiply_halves(a, b, which) _mm_clmulepi64_si128(a, b, which)

GMAC_INLINE vector zero(void)
{
    return _mm_setzero_si128();
}

GMAC_INLINE vector load(const uint8_t *p)
{
    return load_block(p);
}

GMAC_INLINE void store(uint8_t *p, vector v)
{
    store_block(p, v);
}

GMAC_INLINE vector broadcast(const uint8_t *p)
{
    return load_block(p);
}

GMAC_INLINE vector extend(__m128i block)
{
    return block;
}

GMAC_INLINE vector xor2(vector a, vector b)
{
    return _mm_xor_si128(a, b);
}

GMAC_INLINE vector xor3(vector a, vector b, vector c)
{
    return _mm_xor_si128(_mm_xor_si128(a, b), c);
}

GMAC_INLINE vector swap_halves(vector v)
{
    return _mm_shuffle_epi32(v, 0x4E);
}

GMAC_INLINE vector unpack_low(vector a, vector b)
{
    return _mm_unpacklo_epi64(a, b);
}

GMAC_INLINE vector unpack_high(vector a, vector b)
{
    return _mm_unpackhi_epi64(a, b);
}

GMAC_INLINE vector reverse(vector v)
{
    return _mm_shuffle_epi8(v, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

GMAC_INLINE vector spread(__m128i block)
{
    return block;
}

/* The first lane in all. */
GMAC_INLINE vector spread_first(vector v)
{
    return v;
}

GMAC_INLINE __m128i fold(vector v)
{
    return v;
}

#include "gmac_narrow.h"

/* H. */
GMAC_INLINE vector first_powers(vector h)
{
    return h;
}

GMAC_INLINE vector next_vector(reader *r)
{
    return read_block(r);
}

__attribute__((target(GMAC_TARGET))) void csign_gmac_key_aesni(csign_gmac_key *out, const uint8_t key[16])
{
    make_key(out, key);
}

__attribute__((target(GMAC_TARGET))) void csign_gmac_aesni(const csign_gmac_key *key, uint8_t tag[16],
                                                           csign_nonce nonce, const csign_message *message)
{
    make_mac(key, tag, nonce, message);
}

#endif
