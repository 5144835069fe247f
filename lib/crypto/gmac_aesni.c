/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC with PCLMULQDQ: registers of one block. */
#include "reader_x86.h"

#if defined(CSIGN_HAVE_AESNI)

#include "backend_x86.h"

#define GMAC_TARGET AESNI_TARGET ",pclmul"
#define GMAC_INLINE static inline __attribute__((always_inline, target(GMAC_TARGET)))

/* Each power costs a new key more here than with wider registers. Long runs are worth more than a key has. */
enum { LANES = 1, POWERS = 10, RUN = 4096 };
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

GMAC_STEP void hash_many(const csign_gmac_key *key, vector *hash, const uint8_t *at, size_t count)
{
    struct {
        uint8_t powers[STRIDE_POWERS][16], sums[STRIDE_POWERS][16];
    } more;
    enum { FIRST = STRIDE_POWERS - POWERS }; /* of the key's */
    const vector highest = load(key->powers[0]);
    memcpy(more.powers[FIRST], key->powers, sizeof(uint8_t[POWERS][16]));
    memcpy(more.sums[FIRST], key->sums, sizeof(uint8_t[POWERS][16]));
    for (size_t i = FIRST; i-- > 0;) {
        const vector power = multiply(load(more.powers[i + POWERS]), highest);
        store(more.powers[i], power);
        store(more.sums[i], sums(power, load(more.powers[i + 1])));
    }
    hash_strides(hash, at, count, (const uint8_t(*)[16])more.powers, (const uint8_t(*)[16])more.sums);
    csign_wipe(&more, sizeof more);
}

/* H. */
GMAC_INLINE vector first_powers(vector h)
{
    return h;
}

GMAC_INLINE vector next_vector(reader *r)
{
    return read_block(r);
}

GMAC_INLINE vector header_vector(const uint8_t *header, unsigned i)
{
    return header_block(header, i);
}

GMAC_INLINE vector last_vector(const uint8_t *at, size_t left)
{
    return load_partial(at, left);
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
