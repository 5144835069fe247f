/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC (NIST SP 800-38D) for x86-64 in registers of one, two or four blocks. gmac_aesni.c, gmac_vaes.c and
   gmac_vaes_avx512.c say what a register is and how it is filled, and include this.

   Elements. GHASH writes the coefficient of x^0 as the first bit. With its bytes reversed a block is a 128-bit integer in which
   x^i is bit 127 - i, and PCLMULQDQ of two of those has x^i of the product at bit 254 - i: one too low for 256 bits. So the
   tables hold H^i / x, and no product is shifted. Then the upper half of a product is right as it is, and the lower, x^128 and
   more, is folded into it in two steps of 64 bits, each one multiplication by the constant `polynomial`, which is also 1 / x, H^0.

   Aggregation. A register has LANES consecutive blocks. Each lane is a hash of its own with step H^LANES, and eight registers are
   multiplied by their powers, added, and reduced once; the lanes meet at the end, where the last registers are multiplied by the
   powers H^LANES..H^1 proper. The running hash enters with the first register of eight, which is multiplied last. Two registers at
   a time, because Karatsuba's sums of halves then need no shuffle of their own. */
#ifndef COUNTERSIGN_CRYPTO_GMAC_X86_H
#define COUNTERSIGN_CRYPTO_GMAC_X86_H

#include "reader_x86.h"
#include "wipe.h"

/* Not inlined: more at once than the registers hold would be spilled to the stack. */
#define GMAC_CALLED static __attribute__((noinline, target(GMAC_TARGET)))

enum { VECTOR = 16 * LANES, POWERS = LANES * (STRIDE + 1) };
_Static_assert(sizeof(uint8_t[POWERS + LANES - 1][16]) <= sizeof((csign_gmac_key *)0)->powers, "the key has room");

/* The 256 bits of a product, modulo; middle counts from bit 64. */
GMAC_INLINE vector reduce(vector low, vector middle, vector high)
{
    middle = xor3(middle, swap_halves(low), multiply_halves(low, polynomial(), 0x10));
    return xor3(high, swap_halves(middle), multiply_halves(middle, polynomial(), 0x10));
}

GMAC_INLINE vector multiply(vector a, vector b)
{
    return reduce(multiply_halves(a, b, 0x00), xor2(multiply_halves(a, b, 0x01), multiply_halves(a, b, 0x10)),
                  multiply_halves(a, b, 0x11));
}

/* H / x of H. */
GMAC_INLINE __m128i divide_by_x(__m128i h)
{
    const __m128i top = _mm_shuffle_epi32(_mm_srai_epi32(h, 31), 0xFF);
    const __m128i shifted = _mm_or_si128(_mm_slli_epi64(h, 1), _mm_slli_si128(_mm_srli_epi64(h, 63), 8));
    return _mm_xor_si128(shifted, _mm_and_si128(top, _mm_set_epi64x((long long)POLYNOMIAL, 1)));
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
    const __m128i h = expand_and_encrypt(&out->aes, key, _mm_setzero_si128());
    /* The message's last register may reach behind H^1, with zeros. */
    store(out->powers[place(1)], zero());
    store(out->sums[place(1)], zero());
    enter(out, 1, first_powers(divide_by_x(reverse_block(h))));
    for (unsigned have = 1; have <= STRIDE; have *= 2) {
        const vector highest = spread_first(load(out->powers[place(have * LANES)]));
        for (unsigned i = 1; i <= have && have + i <= STRIDE + 1; i++) {
            enter(out, have + i, multiply(load(out->powers[place(i * LANES)]), highest));
        }
    }
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

/* Brings the hash over `count` times STRIDE whole registers. */
GMAC_CALLED void hash_many(const csign_gmac_key *key, uint8_t hash[VECTOR], const uint8_t *at, size_t count)
{
    vector h = load(hash);
    size_t first = STRIDE - 2;
    for (; count > 0; count--, at += STRIDE * VECTOR) {
        const uint8_t *p = at + first * VECTOR;
        size_t i = place(LANES * (STRIDE - first));
        product sum = {zero(), zero(), zero()};
        GMAC_UNROLL
        for (; p != at; p -= 2 * VECTOR, i -= 2 * LANES) {
            sum = add_products(sum, reversed(p), reversed(p + VECTOR), broadcast(key->powers[i]),
                               broadcast(key->powers[i + LANES]), broadcast(key->sums[i]));
        }
        sum = add_products(sum, xor2(h, reversed(p)), reversed(p + VECTOR), broadcast(key->powers[i]),
                           broadcast(key->powers[i + LANES]), broadcast(key->sums[i]));
        h = reduce_sum(sum);
    }
    store(hash, h);
}

/* Brings the hash over `count` registers, STRIDE at most, of parts that may end anywhere. */
GMAC_CALLED void hash_some(const csign_gmac_key *key, uint8_t hash[VECTOR], reader *r, size_t count)
{
    size_t i = place(LANES * count);
    product sum = {zero(), zero(), zero()};
    sum = add_product(sum, load(hash), broadcast(key->powers[i]), broadcast(key->sums[i]));
    for (; count > 0; count--, i += LANES) {
        sum = add_product(sum, reverse(next_vector(r)), broadcast(key->powers[i]), broadcast(key->sums[i]));
    }
    store(hash, reduce_sum(sum));
}

/* The hash after the last blocks and the block of lengths: the message's, which GCM calls additional data, in bits, and 0. */
GMAC_INLINE __m128i hash_last(const csign_gmac_key *key, const uint8_t hash[VECTOR], reader *r, size_t left, size_t len)
{
    const uint64_t bits = 8 * (uint64_t)len;
    const __m128i lengths = _mm_set_epi64x((long long)bits, 0);
    const size_t last = place(1);
    size_t i = place((left + 15) / 16 + 1);
    product sum = {zero(), extend(_mm_clmulepi64_si128(lengths, load_block(key->sums[last]), 0x01)),
                   extend(_mm_clmulepi64_si128(lengths, load_block(key->powers[last]), 0x11))};
    if (left < len) {
        sum = add_product(sum, load(hash), load(key->powers[i]), load(key->sums[i]));
    }
    for (size_t done = 0; done < left; done += VECTOR, i += LANES) {
        sum = add_product(sum, reverse(next_vector(r)), load(key->powers[i]), load(key->sums[i]));
    }
    return fold(reduce_sum(sum));
}

GMAC_INLINE void make_mac(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message)
{
    reader r = read_message(message);
    size_t len = message->header != NULL ? MESSAGE_HEADER : 0;
    for (size_t i = 0; i < message->part_count; i++) {
        len += message->parts[i].len;
    }
    size_t left = len;
    uint8_t hash[VECTOR];
    /* hash_last needs a block for each lane but the last, which meets the lengths. */
    const size_t stay = 16 * (LANES - 1), step = STRIDE * VECTOR;
    if (len > step + stay) {
        reader ahead = r;
        store(hash, zero());
        while (left > step + stay) {
            size_t count = ahead.left / step;
            if (ahead.header == NULL && count > 0) {
                count = count * step + stay < left ? count : (left - stay - 1) / step;
                hash_many(key, hash, read_over(&ahead, count * step), count);
                left -= count * step;
            } else {
                count = ahead.header != NULL ? MESSAGE_HEADER / VECTOR : ahead.left / VECTOR + 1;
                hash_some(key, hash, &ahead, count);
                left -= count * VECTOR;
            }
        }
        r = ahead;
    }
    const __m128i counter =
        _mm_set_epi64x((long long)(nonce.high | UINT64_C(1) << 56), (long long)nonce.low); /* nonce || 00000001 */
    const __m128i mask = encrypt_block(&key->aes, counter);
    store_block(tag, _mm_xor_si128(mask, reverse_block(hash_last(key, hash, &r, left, len))));
    if (left < len) {
        csign_wipe(hash, sizeof hash);
    }
}

#endif
