/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128 as FIPS 197 words it, byte by byte, the S-box computed from its definition. Only for choosing test cases: neither
   fast nor constant time, and no answer is ever compared with it. */
#include "aes_reference.h"

#include <string.h>

static uint8_t xtime(uint8_t a)
{
    return (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1b : 0));
}

static uint8_t multiply(uint8_t a, uint8_t b)
{
    uint8_t product = 0;
    for (; b; b >>= 1, a = xtime(a))
        if (b & 1)
            product ^= a;
    return product;
}

static const uint8_t *sbox(void)
{
    static uint8_t table[256];
    if (table[0])
        return table;
    for (unsigned x = 0; x < 256; x++) {
        uint8_t inverse = 0;
        for (unsigned y = 1; x && y < 256 && !inverse; y++)
            if (multiply((uint8_t)x, (uint8_t)y) == 1)
                inverse = (uint8_t)y;
        unsigned twice = inverse * 0x101u; /* so that a shift rotates */
        table[x] = (uint8_t)(inverse ^ twice >> 7 ^ twice >> 6 ^ twice >> 5 ^ twice >> 4 ^ 0x63);
    }
    return table;
}

static void next_round_key(uint8_t k[16], uint8_t rcon)
{
    const uint8_t *s = sbox();
    const uint8_t word[4] = {(uint8_t)(s[k[13]] ^ rcon), s[k[14]], s[k[15]], s[k[12]]};
    for (size_t i = 0; i < 16; i++)
        k[i] ^= i < 4 ? word[i] : k[i - 4];
}

void aes_reference(uint8_t out[16], const uint8_t key[16], const uint8_t in[16])
{
    const uint8_t *s = sbox();
    uint8_t k[16], state[16], rcon = 1;
    memcpy(k, key, 16);
    for (size_t i = 0; i < 16; i++)
        state[i] = in[i] ^ k[i];
    for (int round = 1; round <= 10; round++, rcon = xtime(rcon)) {
        uint8_t shifted[16];
        for (size_t i = 0; i < 16; i++)
            shifted[i] = s[state[(i + 4 * (i % 4)) % 16]]; /* SubBytes, ShiftRows */
        for (size_t i = 0; i < 16 && round < 10; i++) {
            const uint8_t *column = shifted + i / 4 * 4;
            state[i] = (uint8_t)(multiply(column[i % 4], 2) ^ multiply(column[(i + 1) % 4], 3) ^ column[(i + 2) % 4] ^
                                 column[(i + 3) % 4]);
        }
        if (round == 10)
            memcpy(state, shifted, 16);
        next_round_key(k, rcon);
        for (size_t i = 0; i < 16; i++)
            state[i] ^= k[i];
    }
    memcpy(out, state, 16);
}

size_t aes_reference_carries(const uint8_t key[16])
{
    static const uint8_t zero[16];
    uint8_t l[16];
    aes_reference(l, key, zero);
    /* K1 = L << 1, then perhaps ^ 0x87 in the last byte: its most significant bit is L's second. */
    return (size_t)(l[0] >> 7 | (l[0] >> 6 & 1) << 1);
}
