/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC with Armv8's AES and PMULL instructions (NIST SP 800-38D sections 6.4 and 7.1). With the bits of each byte reversed a
   block is a polynomial whose x^i is bit i of a 128-bit integer, so that multiplying needs no shift; x^128 is x^7 + x^2 + x + 1. Eight
   blocks are multiplied by H^8 to H, added, and reduced once. In a batch the counter blocks of eight messages are encrypted together. */
#include "aes_armv8.h"

#if defined(CSIGN_HAVE_ARMV8)

#include "backend_armv8.h"
#include "wipe.h"

enum { POWERS = 8, TOGETHER = 8 };
_Static_assert(sizeof(uint8_t[POWERS][16]) <= sizeof((csign_gmac_key *)0)->powers, "the key has room");

/* A sum of products before it is reduced; middle counts from bit 64. */
typedef struct product {
    uint64x2_t low, middle, high;
} product;

NEON_INLINE uint64x2_t pmull(uint64_t a, uint64_t b)
{
    return vreinterpretq_u64_p128(vmull_p64((poly64_t)a, (poly64_t)b));
}

NEON_INLINE product add_product(product sum, uint64x2_t a, uint64x2_t b)
{
    const uint64_t a0 = vgetq_lane_u64(a, 0), a1 = vgetq_lane_u64(a, 1);
    const uint64_t b0 = vgetq_lane_u64(b, 0), b1 = vgetq_lane_u64(b, 1);
    sum.low = veorq_u64(sum.low, pmull(a0, b0));
    sum.middle = veorq_u64(sum.middle, veorq_u64(pmull(a0, b1), pmull(a1, b0)));
    sum.high = veorq_u64(sum.high, pmull(a1, b1));
    return sum;
}

/* The highest 64 bits are folded down by 128 first, and then those below them. */
NEON_INLINE uint64x2_t reduce(product sum)
{
    const uint64x2_t zero = vdupq_n_u64(0);
    uint64x2_t low = veorq_u64(sum.low, vextq_u64(zero, sum.middle, 1));
    uint64x2_t high = veorq_u64(sum.high, vextq_u64(sum.middle, zero, 1));
    uint64x2_t folded = pmull(vgetq_lane_u64(high, 1), 0x87);
    low = veorq_u64(low, vextq_u64(zero, folded, 1));
    high = veorq_u64(high, vextq_u64(folded, zero, 1));
    return veorq_u64(low, pmull(vgetq_lane_u64(high, 0), 0x87));
}

NEON_INLINE uint64x2_t multiply(uint64x2_t a, uint64x2_t b)
{
    const uint64x2_t zero = vdupq_n_u64(0);
    return reduce(add_product((product){zero, zero, zero}, a, b));
}

NEON_INLINE uint64x2_t element(uint8x16_t block)
{
    return vreinterpretq_u64_u8(vrbitq_u8(block));
}

/* H^exponent, 1..POWERS. */
NEON_INLINE uint64x2_t power(const csign_gmac_key *key, size_t exponent)
{
    return vreinterpretq_u64_u8(vld1q_u8(key->powers[exponent - 1]));
}

ARMV8 void csign_gmac_key_armv8(csign_gmac_key *out, const uint8_t key[16])
{
    aes_expand(&out->aes, key);
    const uint64x2_t h = element(aes_encrypt(&out->aes, vdupq_n_u8(0)));
    uint64x2_t of_h = h;
    for (unsigned i = 0; i < POWERS; i++) {
        vst1q_u8(out->powers[i], vreinterpretq_u8_u64(of_h));
        of_h = multiply(of_h, h);
    }
    memset(out->powers + POWERS, 0, sizeof out->powers - sizeof out->powers[0] * POWERS);
    memset(out->sums, 0, sizeof out->sums);
    memset(out->h, 0, sizeof out->h);
}

/* The block of lengths in bits: of the message, which GCM calls additional data, and of the plaintext, of which there is none. */
NEON_INLINE uint64x2_t lengths(size_t len)
{
    return element(
        vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(__builtin_bswap64(8 * (uint64_t)len)), vcreate_u64(0))));
}

/* GHASH of a message, its last block padded with zeros, and of its lengths. */
NEON_INLINE uint8x16_t ghash(const csign_gmac_key *key, const csign_message *message)
{
    const uint64x2_t zero = vdupq_n_u64(0);
    uint64x2_t hash = zero;
    size_t len;
    neon_reader r = neon_read(message, &len);
    for (size_t left = len / 16 + (len % 16 != 0) + 1; left > 0;) {
        product sum = {zero, zero, zero};
        const size_t count = left < POWERS ? left : POWERS;
        for (size_t i = count; i > 0; i--) {
            uint64x2_t block = left == 1 ? lengths(len) : element(neon_read_block(&r));
            block = i == count ? veorq_u64(block, hash) : block;
            sum = add_product(sum, block, power(key, i));
            left--;
        }
        hash = reduce(sum);
    }
    return vrbitq_u8(vreinterpretq_u8_u64(hash));
}

/* The counter block that the nonce begins. */
NEON_INLINE uint8x16_t counter_block(csign_nonce nonce)
{
    const uint64_t one = (uint64_t)__builtin_bswap32(1) << 32;
    return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(nonce.low), vcreate_u64(one | nonce.high)));
}

ARMV8 void csign_gmac_armv8(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message)
{
    const uint8x16_t mask = aes_encrypt(&key->aes, counter_block(nonce));
    vst1q_u8(tag, veorq_u8(mask, ghash(key, message)));
}

/* Writes the masks of some messages where their tags will be. */
ARMV8 static void masks(csign_mac_job *const *jobs, size_t count)
{
    uint8x16_t s[TOGETHER];
    const csign_aes128_key *key[TOGETHER];
    for (size_t i = 0; i < TOGETHER; i++) {
        const csign_mac_job *job = jobs[i < count ? i : 0];
        key[i] = &((const csign_gmac_key *)job->key)->aes;
        s[i] = counter_block(job->nonce);
    }
    for (unsigned round = 0; round < AES_ROUNDS - 1; round++) {
        for (size_t i = 0; i < TOGETHER; i++) {
            s[i] = vaesmcq_u8(vaeseq_u8(s[i], aes_round_key(key[i], round)));
        }
    }
    for (size_t i = 0; i < count; i++) {
        const uint8x16_t last = vaeseq_u8(s[i], aes_round_key(key[i], AES_ROUNDS - 1));
        vst1q_u8(jobs[i]->mac, veorq_u8(last, aes_round_key(key[i], AES_ROUNDS)));
    }
}

ARMV8 void csign_gmac_batch_armv8(csign_mac_job *const *jobs, size_t count)
{
    while (count > 0) {
        const size_t n = count < TOGETHER ? count : TOGETHER;
        masks(jobs, n);
        for (size_t i = 0; i < n; i++) {
            vst1q_u8(jobs[i]->mac, veorq_u8(vld1q_u8(jobs[i]->mac), ghash(jobs[i]->key, &jobs[i]->message)));
        }
        jobs += n;
        count -= n;
    }
}

#endif
