/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC (NIST SP 800-38D sections 6.4 and 7.1) for x86-64 in registers of one, two or four blocks. gmac_aesni.c, gmac_vaes.c and
   gmac_vaes_avx512.c say what a register is and how it is filled, and include this.

   Elements. GHASH writes the coefficient of x^0 as the first bit. With its bytes reversed a block is a 128-bit integer in which
   x^i is bit 127 - i, and PCLMULQDQ of two of those has x^i of the product at bit 254 - i: one too low for 256 bits. So the
   tables hold H^i / x, and no product is shifted. Then the upper half of a product is right as it is, and the lower, x^128 and
   more, is folded into it in two steps of 64 bits, each one multiplication by x^127 + x^6 + x + 1, which is also 1 / x, or H^0 / x.

   Aggregation. Registers are multiplied by powers of H, after Karatsuba, added, and reduced once. A new key should cost little more than a
   short message saves by its table: hence twenty powers, and ten where a register is one block.

   Secrets stay in registers: the loops are as long, and the functions as many, as the compilers need for that. Where assembly without an
   instruction makes an address or a count unknown to them, they would otherwise load or unroll so much at once that it does not fit. */
#ifndef COUNTERSIGN_CRYPTO_GMAC_X86_H
#define COUNTERSIGN_CRYPTO_GMAC_X86_H

#include "reader_x86.h"
#include "wipe.h"

enum { VECTOR = 16 * LANES, REGISTERS = POWERS / LANES, ROOM = sizeof((csign_gmac_key *)0)->powers / 16 };
_Static_assert(POWERS + 3 <= ROOM, "there is room");

/* The first powers of H, the highest first, of H in all lanes. */
GMAC_INLINE vector first_powers(vector h);

/* x^127 + x^6 + x + 1. */
GMAC_INLINE __m128i polynomial_block(void)
{
    return _mm_set_epi64x((long long)0xC200000000000000, 1);
}

GMAC_INLINE vector polynomial(void)
{
    return spread(polynomial_block());
}

/* The 256 bits of a product, modulo; middle counts from bit 64. */
GMAC_INLINE vector reduce(vector low, vector middle, vector high)
{
    middle = xor3(middle, swap_halves(low), multiply_halves(low, polynomial(), 0x10));
    return xor3(high, swap_halves(middle), multiply_halves(middle, polynomial(), 0x10));
}

GMAC_INLINE vector square(vector a)
{
    return reduce(multiply_halves(a, a, 0x00), zero(), multiply_halves(a, a, 0x11));
}

/* A sum of products. After Karatsuba, crossed is that of the factors' sums of halves; with low and high it is the middle. */
typedef struct product {
    vector low, crossed, high;
} product;

GMAC_INLINE vector reduce_sum(product sum)
{
    return reduce(sum.low, xor3(sum.crossed, sum.low, sum.high), sum.high);
}

/* Adds a register times its powers. */
GMAC_INLINE product add_product(product sum, vector a, vector power, vector power_sums)
{
    sum.low = xor2(sum.low, multiply_halves(a, power, 0x00));
    sum.high = xor2(sum.high, multiply_halves(a, power, 0x11));
    sum.crossed = xor2(sum.crossed, multiply_halves(xor2(a, swap_halves(a)), power_sums, 0x00));
    return sum;
}

GMAC_INLINE vector multiply(vector a, vector b)
{
    const product none = {zero(), zero(), zero()};
    return reduce_sum(add_product(none, a, b, xor2(b, swap_halves(b))));
}

/* H / x of H. */
GMAC_INLINE __m128i divide_by_x(__m128i h)
{
    const __m128i top = _mm_shuffle_epi32(_mm_srai_epi32(h, 31), 0xFF);
    const __m128i shifted = _mm_or_si128(_mm_slli_epi64(h, 1), _mm_slli_si128(_mm_srli_epi64(h, 63), 8));
    return _mm_xor_si128(shifted, _mm_and_si128(top, polynomial_block()));
}

GMAC_INLINE __m128i reverse_block(__m128i block)
{
    return _mm_shuffle_epi8(block, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

/* The sums of the halves of each lane, of a below those of b. */
GMAC_INLINE vector sums(vector a, vector b)
{
    return xor2(unpack_low(a, b), unpack_high(a, b));
}

/* Where H^exponent is in the tables, the highest power first. */
GMAC_INLINE size_t place(size_t exponent)
{
    return POWERS - exponent;
}

/* Enters the powers H^(LANES * n) and below. */
GMAC_INLINE void enter(csign_gmac_key *out, unsigned n, vector powers)
{
    store(out->powers[place(n * LANES)], powers);
    store(out->sums[place(n * LANES)], sums(powers, n == 1 ? zero() : load(out->powers[place((n - 1) * LANES)])));
}

GMAC_INLINE void make_key(csign_gmac_key *out, const uint8_t key[16])
{
    const __m128i h = divide_by_x(reverse_block(expand_and_encrypt(&out->aes, key, _mm_setzero_si128())));
    memset(out->h, 0, sizeof out->h);
    /* A message's last register may reach behind H^1, with zeros. */
    for (size_t i = POWERS; i < ROOM; i++) {
        store_block(out->powers[i], _mm_setzero_si128());
        store_block(out->sums[i], _mm_setzero_si128());
    }
    enter(out, 1, first_powers(spread(h)));
    unsigned registers = REGISTERS;
    GMAC_HIDE(registers)
    GMAC_UNROLL
    for (unsigned have = 1; have < registers; have *= 2) {
        const vector highest = spread_first(load(out->powers[place(have * LANES)]));
        const unsigned more = have < registers - have ? have : registers - have;
        GMAC_UNROLL
        for (unsigned i = 1; i <= more; i++) {
            enter(out, have + i, multiply(load(out->powers[place(i * LANES)]), highest));
        }
    }
}

/* Adds two registers times their powers. */
GMAC_INLINE product add_products(product sum, vector a, vector b, vector power_a, vector power_b, vector power_sums)
{
    const vector ab = sums(a, b);
    sum.low = xor3(sum.low, multiply_halves(a, power_a, 0x00), multiply_halves(b, power_b, 0x00));
    sum.high = xor3(sum.high, multiply_halves(a, power_a, 0x11), multiply_halves(b, power_b, 0x11));
    sum.crossed = xor3(sum.crossed, multiply_halves(ab, power_sums, 0x00), multiply_halves(ab, power_sums, 0x11));
    return sum;
}

GMAC_INLINE vector reversed(const uint8_t *at)
{
    return reverse(load(at));
}

#endif
