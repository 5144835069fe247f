/* SPDX-License-Identifier: Apache-2.0 */
/* GHASH multiplication, NIST SP 800-38D section 6.3, without the tables of the usual fast methods, which a secret
   would index, and without the loop over 128 bits of the definition, which is slow.

   Carry-less multiplication by integer multiplication: take only every fourth bit of both factors, and each digit of
   the product, four bits wide, counts at most 8 ones, which never runs over into the next; its lowest bit is their sum
   modulo 2. Sixteen products of such quarters make one of 32 by 32 bits. They stay within 32 x 32 -> 64, the
   multiplication that 32-bit and 64-bit processors have in constant time (a few microcontrollers do not: ARM7,
   Cortex-M3).

   Two levels of Karatsuba put 128 x 128 together from nine of them. */
#include "ghash.h"

#include "../octets.h"

static inline uint64_t times(uint32_t a, uint32_t b)
{
    return (uint64_t)a * b;
}

/* The carry-less product of two 32-bit words. */
static uint64_t multiply_32(uint32_t a, uint32_t b)
{
    const uint32_t a0 = a & 0x11111111u, a1 = a & 0x22222222u, a2 = a & 0x44444444u, a3 = a & 0x88888888u;
    const uint32_t b0 = b & 0x11111111u, b1 = b & 0x22222222u, b2 = b & 0x44444444u, b3 = b & 0x88888888u;
    const uint64_t z0 = times(a0, b0) ^ times(a1, b3) ^ times(a2, b2) ^ times(a3, b1);
    const uint64_t z1 = times(a0, b1) ^ times(a1, b0) ^ times(a2, b3) ^ times(a3, b2);
    const uint64_t z2 = times(a0, b2) ^ times(a1, b1) ^ times(a2, b0) ^ times(a3, b3);
    const uint64_t z3 = times(a0, b3) ^ times(a1, b2) ^ times(a2, b1) ^ times(a3, b0);
    return (z0 & UINT64_C(0x1111111111111111)) | (z1 & UINT64_C(0x2222222222222222)) |
           (z2 & UINT64_C(0x4444444444444444)) | (z3 & UINT64_C(0x8888888888888888));
}

static inline uint32_t upper(uint64_t x)
{
    return (uint32_t)(x >> 32);
}

static inline uint32_t lower(uint64_t x)
{
    return (uint32_t)(x & 0xFFFFFFFFu);
}

/* The carry-less product of two 64-bit words: out[0] is its upper word. */
static void multiply_64(uint64_t out[2], uint64_t a, uint64_t b)
{
    const uint64_t high = multiply_32(upper(a), upper(b)), low = multiply_32(lower(a), lower(b));
    const uint64_t middle = multiply_32(upper(a) ^ lower(a), upper(b) ^ lower(b)) ^ high ^ low;
    out[0] = high ^ (middle >> 32);
    out[1] = low ^ (middle << 32);
}

/* y = y * h modulo x^128 + x^7 + x^2 + x + 1. */
static void multiply(uint64_t y[2], const uint64_t h[2])
{
    uint64_t high[2], low[2], middle[2];
    multiply_64(high, y[0], h[0]);
    multiply_64(low, y[1], h[1]);
    multiply_64(middle, y[0] ^ y[1], h[0] ^ h[1]);
    middle[0] ^= high[0] ^ low[0];
    middle[1] ^= high[1] ^ low[1];

    /* The product of two polynomials written backwards is theirs, backwards, but one bit too low. */
    const uint64_t p0 = high[0], p1 = high[1] ^ middle[0], p2 = low[0] ^ middle[1], p3 = low[1];
    uint64_t z0 = (p0 << 1) | (p1 >> 63), z1 = (p1 << 1) | (p2 >> 63), z2 = (p2 << 1) | (p3 >> 63), z3 = p3 << 1;

    /* x^128 = x^7 + x^2 + x + 1, and a higher power is further right: fold the last word two words back, then the
       third. */
    z1 ^= z3 ^ (z3 >> 1) ^ (z3 >> 2) ^ (z3 >> 7);
    z2 ^= (z3 << 63) ^ (z3 << 62) ^ (z3 << 57);
    z0 ^= z2 ^ (z2 >> 1) ^ (z2 >> 2) ^ (z2 >> 7);
    z1 ^= (z2 << 63) ^ (z2 << 62) ^ (z2 << 57);
    y[0] = z0;
    y[1] = z1;
}

void csign_ghash_block(uint64_t y[2], const uint64_t h[2], const uint8_t block[16])
{
    y[0] ^= csign_load_be64(block);
    y[1] ^= csign_load_be64(block + 8);
    multiply(y, h);
}
