/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of AES-128-GMAC for x86-64: how they are cut into registers of gmac_x86.h. gmac_aesni.c, gmac_vaes.c and gmac_vaes_avx512.c
   define what is declared here first.

   The powers of a message's last blocks are all in the table, and the block of lengths is one of them. What comes before is a hash in each
   lane, with the step H^LANES, that enters with the register that follows. Most messages are one part behind a header, and have a way of
   their own; the others are read part by part, until what is left is one piece. */
#ifndef COUNTERSIGN_CRYPTO_GMAC_MESSAGE_X86_H
#define COUNTERSIGN_CRYPTO_GMAC_MESSAGE_X86_H

#include <stdbool.h>

#include "gmac_x86.h"

/* The next register of a message, with zeros behind its end; register i of a header as it is signed; the 1..VECTOR - 1 bytes at `at` and
   zeros. */
GMAC_INLINE vector next_vector(reader *r);
GMAC_INLINE vector header_vector(const uint8_t *header, unsigned i);
GMAC_INLINE vector last_vector(const uint8_t *at, size_t left);

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

/* The header times powers from place i on: one for each block, as for a message's last registers, or one for each register. */
GMAC_INLINE product hash_header(const csign_gmac_key *key, const uint8_t *header, size_t i, bool last)
{
    product sum = {zero(), zero(), zero()};
#pragma GCC unroll 4
    for (unsigned r = 0; r < HEADER_READ; r++) {
        const uint8_t *const power = key->powers[i + r * LANES], *const power_sums = key->sums[i + r * LANES];
        sum = add_product(sum, reverse(header_vector(header, r)), last ? load(power) : broadcast(power),
                          last ? load(power_sums) : broadcast(power_sums));
    }
    return sum;
}

/* There are powers for all of it. */
GMAC_INLINE void make_short_mac(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const uint8_t *header,
                                csign_bytes body)
{
    const __m128i mask = make_mask(key, nonce);
    const size_t i = place((MESSAGE_HEADER + body.len + 15) / 16 + 1);
    product sum = hash_header(key, header, i, true);
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
    const product sum = hash_header(key, header, i, false);
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
