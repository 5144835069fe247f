/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC (NIST SP 800-38D sections 6.4 and 7.1) for x86-64 in registers of one, two or four blocks. gmac_aesni.c, gmac_vaes.c and
   gmac_vaes_avx512.c say what a register is and how it is filled, and include this.

   Elements. GHASH writes the coefficient of x^0 as the first bit. With its bytes reversed a block is a 128-bit integer in which
   x^i is bit 127 - i, and PCLMULQDQ of two of those has x^i of the product at bit 254 - i: one too low for 256 bits. So the
   tables hold H^i / x, and no product is shifted. Then the upper half of a product is right as it is, and the lower, x^128 and
   more, is folded into it in two steps of 64 bits, each one multiplication by x^127 + x^6 + x + 1, which is also 1 / x, or H^0 / x.

   Aggregation. Registers are multiplied by powers of H, after Karatsuba, added, and reduced once. The powers of a message's last blocks
   are all in the table, and the block of lengths is one of them. What comes before is a hash in each lane, with the step H^LANES,
   that enters with the register that follows. A new key should cost little more than a short message saves by its table: hence
   twenty powers, and ten where a register is one block.

   Secrets stay in registers: the loops are as long, and the functions as many, as the compilers need for that. Where assembly without an
   instruction makes an address or a count unknown to them, they would otherwise load or unroll so much at once that it does not fit. */
#ifndef COUNTERSIGN_CRYPTO_GMAC_X86_H
#define COUNTERSIGN_CRYPTO_GMAC_X86_H

#include "reader_x86.h"
#include "wipe.h"

enum { VECTOR = 16 * LANES, REGISTERS = POWERS / LANES, ROOM = sizeof((csign_gmac_key *)0)->powers / 16 };
_Static_assert(POWERS + 3 <= ROOM, "there is room");

/* The first powers of H, the highest first, of H in all lanes; the next register of a message, with zeros behind its end; register i of a
   header as it is signed; the 1..VECTOR - 1 bytes at `at` and zeros. */
GMAC_INLINE vector first_powers(vector h);
GMAC_INLINE vector next_vector(reader *r);
GMAC_INLINE vector header_vector(const uint8_t *header, unsigned i);
GMAC_INLINE vector last_vector(const uint8_t *at, size_t left);

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

/* Brings the hash over `count` times STRIDE whole registers. */
GMAC_STEP void hash_many(const csign_gmac_key *key, vector *hash, const uint8_t *at, size_t count);

/* Brings the hash over `count` registers, for which there are powers, of parts that may end anywhere. */
GMAC_STEP void hash_some(const csign_gmac_key *key, vector *hash, reader *r, size_t count)
{
    size_t i = place(LANES * count);
    product sum = {zero(), zero(), zero()};
    sum = add_product(sum, xor2(*hash, reverse(next_vector(r))), broadcast(key->powers[i]), broadcast(key->sums[i]));
    for (; count > 1; count--) {
        i += LANES;
        sum = add_product(sum, reverse(next_vector(r)), broadcast(key->powers[i]), broadcast(key->sums[i]));
    }
    *hash = reduce_sum(sum);
}

/* The hash when only the block of lengths is missing: the message's, which GCM calls additional data, in bits, and 0. */
GMAC_INLINE vector hash_lengths(const csign_gmac_key *key, product sum, size_t len)
{
    const uint64_t bits = 8 * (uint64_t)len;
    const __m128i upper = _mm_cvtsi64_si128((long long)bits); /* half of the block; the lower is 0 */
    const size_t i = place(1);
    sum.crossed = xor2(sum.crossed, extend(_mm_clmulepi64_si128(upper, load_block(key->sums[i]), 0x00)));
    sum.high = xor2(sum.high, extend(_mm_clmulepi64_si128(upper, load_block(key->powers[i]), 0x10)));
    return reduce_sum(sum);
}

/* Brings the hash over the last `left` bytes, for which there are powers, and the block of lengths. */
GMAC_INLINE vector hash_last(const csign_gmac_key *key, vector hash, reader *r, size_t left, size_t len)
{
    size_t i = place((left + 15) / 16 + 1);
    product sum = {zero(), zero(), zero()};
    sum = add_product(sum, xor2(hash, reverse(next_vector(r))), load(key->powers[i]), load(key->sums[i]));
    for (size_t done = VECTOR; done < left; done += VECTOR) {
        i += LANES;
        sum = add_product(sum, reverse(next_vector(r)), load(key->powers[i]), load(key->sums[i]));
    }
    return hash_lengths(key, sum, len);
}

GMAC_STEP void hash_rest(const csign_gmac_key *key, vector *hash, reader *r, size_t left, size_t len)
{
    *hash = hash_last(key, *hash, r, left, len);
}

GMAC_INLINE __m128i make_mask(const csign_gmac_key *key, csign_nonce nonce)
{
    const uint64_t counter = nonce.high | UINT64_C(1) << 56; /* nonce || 00000001 */
    return encrypt_block(&key->aes, _mm_set_epi64x((long long)counter, (long long)nonce.low));
}

enum { SHORT = 16 * (POWERS - 1) }; /* so many bytes and the lengths have powers */

/* The hash over the whole registers from at to end, with powers from place i on. */
GMAC_INLINE vector hash_registers(const csign_gmac_key *key, product sum, const uint8_t *at, const uint8_t *end,
                                  size_t i)
{
    for (; at != end; at += VECTOR, i += LANES) {
        sum = add_product(sum, reversed(at), broadcast(key->powers[i]), broadcast(key->sums[i]));
    }
    return reduce_sum(sum);
}

/* Adds the last bytes times their powers, the first of which is at place i. */
GMAC_INLINE product add_last(product sum, const csign_gmac_key *key, const uint8_t *at, size_t left, size_t i)
{
    for (; left >= VECTOR; at += VECTOR, left -= VECTOR, i += LANES) {
        sum = add_product(sum, reversed(at), load(key->powers[i]), load(key->sums[i]));
    }
    if (left > 0) {
        sum = add_product(sum, reverse(last_vector(at, left)), load(key->powers[i]), load(key->sums[i]));
    }
    return sum;
}

/* Brings the hash over the last bytes, more than SHORT - VECTOR, if they are in one piece, and the block of lengths. */
__attribute__((nonnull)) GMAC_INLINE void hash_piece(const csign_gmac_key *key, vector *hash, const uint8_t *at,
                                                     size_t left, size_t len)
{
    const product none = {zero(), zero(), zero()};
    product sum;
    /* Registers until it is short. */
    size_t rest = left > SHORT ? (left - SHORT - 1) / VECTOR + 1 : 0, count, i;
    left -= rest * VECTOR;
    if (rest * VECTOR >= RUN) {
        count = rest / STRIDE;
        hash_many(key, hash, at, count);
        at += count * STRIDE * VECTOR, rest -= count * STRIDE;
    }
    for (; rest > 0; rest -= count) {
        count = rest < REGISTERS ? rest : REGISTERS, i = place(LANES * count);
        sum = add_product(none, xor2(*hash, reversed(at)), broadcast(key->powers[i]), broadcast(key->sums[i]));
        *hash = hash_registers(key, sum, at + VECTOR, at + count * VECTOR, i + LANES);
        at += count * VECTOR;
    }
    i = place((left + 15) / 16 + 1);
    sum = add_product(none, xor2(*hash, reversed(at)), load(key->powers[i]), load(key->sums[i]));
    sum = add_last(sum, key, at + VECTOR, left - VECTOR, i + LANES);
    *hash = hash_lengths(key, sum, len);
}

/* Registers to be taken one by one, when more bytes than SHORT are left: up to the end of the part, or as many as there are powers for. */
GMAC_INLINE size_t reach(const reader *r)
{
    return r->header == NULL && r->left / VECTOR < REGISTERS ? r->left / VECTOR + 1 : REGISTERS;
}

/* Any message of more bytes than SHORT. */
static __attribute__((noinline, target(GMAC_TARGET))) void
make_long_mac(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message, size_t len)
{
    reader r = read_message(message);
    size_t left = len;
    vector hash = zero();
    /* hash_last needs a block for each lane but the last, which meets the lengths. */
    const size_t stay = 16 * (LANES - 1), step = STRIDE * VECTOR;
    while (left > SHORT && r.left != left) {
        const size_t rest = (left - SHORT - 1) / VECTOR + 1; /* registers until it is short */
        if (rest > REGISTERS && r.header == NULL && r.left >= RUN) {
            const size_t count = r.left < left - stay ? r.left / step : (left - stay - 1) / step;
            hash_many(key, &hash, read_over(&r, count * step), count);
            left -= count * step;
        } else {
            const size_t count = reach(&r);
            const size_t taken = count < rest ? count : rest;
            hash_some(key, &hash, &r, taken);
            left -= taken * VECTOR;
        }
    }
    if (r.left == left) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): where bytes are left they are somewhere */
        hash_piece(key, &hash, r.at, left, len);
    } else {
        hash_rest(key, &hash, &r, left, len);
    }
    /* Round keys that are loaded long before their use would go to the stack. */
    __asm__ volatile("" : "+r"(key));
    store_block(tag, _mm_xor_si128(make_mask(key, nonce), reverse_block(fold(hash))));
    GMAC_WIPE(hash)
}

static __attribute__((noinline, target(GMAC_TARGET))) void make_any_mac(const csign_gmac_key *key, uint8_t tag[16],
                                                                        csign_nonce nonce, const csign_message *message)
{
    size_t len = message->header != NULL ? MESSAGE_HEADER : 0;
    for (size_t i = 0; i < message->part_count; i++) {
        len += message->parts[i].len;
    }
    if (len > SHORT) {
        make_long_mac(key, tag, nonce, message, len);
        return;
    }
    reader r = read_message(message);
    const __m128i mask = make_mask(key, nonce);
    store_block(tag, _mm_xor_si128(mask, reverse_block(fold(hash_last(key, zero(), &r, len, len)))));
}

/* Messages in one part behind their header: most are, and should not wait for what others need. */

/* Registers of a header, and those that are not all zeros. */
enum { HEADER = MESSAGE_HEADER / VECTOR, HEADER_READ = (MESSAGE_ZEROS_AT + VECTOR - 1) / VECTOR };

/* There are powers for all of it. */
GMAC_INLINE void make_short_mac(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const uint8_t *header,
                                csign_bytes body)
{
    const __m128i mask = make_mask(key, nonce);
    const size_t i = place((MESSAGE_HEADER + body.len + 15) / 16 + 1);
    product sum = {zero(), zero(), zero()};
#pragma GCC unroll 4
    for (unsigned r = 0; r < HEADER_READ; r++) {
        const size_t j = i + r * LANES;
        sum = add_product(sum, reverse(header_vector(header, r)), load(key->powers[j]), load(key->sums[j]));
    }
    sum = add_last(sum, key, body.data, body.len, i + MESSAGE_HEADER / 16);
    const vector hash = hash_lengths(key, sum, MESSAGE_HEADER + body.len);
    store_block(tag, _mm_xor_si128(mask, reverse_block(fold(hash))));
}

static __attribute__((noinline, target(GMAC_TARGET))) void
make_whole_mac(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const uint8_t *header, csign_bytes body)
{
    const size_t len = MESSAGE_HEADER + body.len;
    /* Registers until it is short. */
    const size_t until = (len - SHORT - 1) / VECTOR + 1, rest = until > HEADER ? until : HEADER;
    const size_t count = rest < REGISTERS ? rest : REGISTERS, i = place(LANES * count);
    const uint8_t *const from = body.data + (count - HEADER) * VECTOR;
    product sum = {zero(), zero(), zero()};
#pragma GCC unroll 4
    for (unsigned r = 0; r < HEADER_READ; r++) {
        const size_t j = i + r * LANES;
        sum = add_product(sum, reverse(header_vector(header, r)), broadcast(key->powers[j]), broadcast(key->sums[j]));
    }
    vector hash = hash_registers(key, sum, body.data, from, i + MESSAGE_HEADER / 16);
    hash_piece(key, &hash, from, len - count * VECTOR, len);
    __asm__ volatile("" : "+r"(key)); /* as above */
    store_block(tag, _mm_xor_si128(make_mask(key, nonce), reverse_block(fold(hash))));
    GMAC_WIPE(hash)
}

GMAC_INLINE void make_mac(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message)
{
    if (message->header == NULL || message->part_count != 1) {
        make_any_mac(key, tag, nonce, message);
    } else if (message->parts[0].len <= SHORT - MESSAGE_HEADER) {
        make_short_mac(key, tag, nonce, message->header, message->parts[0]);
    } else {
        make_whole_mac(key, tag, nonce, message->header, message->parts[0]);
    }
}

#endif
