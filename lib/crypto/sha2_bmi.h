/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and SHA-512 of one message with BMI: FIPS 180-4 sections 6.2.2 and 6.4.2. The message schedule is computed four words at a time,
   sixteen rounds ahead, in vectors; the rounds are scalar, with RORX and ANDN. Both run side by side, so that only the rounds take
   time. Before including this, a file defines
     word, ROUNDS              the hash's word and number of rounds
     vec                       four words in a vector
     INLINE                    a function with the instructions, inlined
     BIG_SIGMA_0, BIG_SIGMA_1
     load_words(p)             four words of a message
     next_words(w0, w4, w8, w12)   of the sixteen words before them the next four, step 1
     store_wk(wk, w, t)        wk = W_t + K_t, four times */

#include <stddef.h>
#include <stdint.h>

#include "wipe.h"

/* One round, step 3. Instead of moving a..h on by one place it leaves the next a in h and the next e in d, and the caller moves the
   names. Ch is the sum of its two halves, which have no bit in common; Maj is that of FIPS 180-4 written with a ^ b, which is the next
   round's b ^ c. */
INLINE void round_step(word a, word b, word *b_xor_c, word *d, word e, word f, word g, word *h, word wk)
{
    const word a_xor_b = a ^ b;
    *h += wk;
    *h += e & f;
    *h += ~e & g;
    *h += BIG_SIGMA_1(e);
    *d += *h;
    *h += (a_xor_b & *b_xor_c) ^ b;
    *h += BIG_SIGMA_0(a);
    *b_xor_c = a_xor_b;
}

typedef struct working {
    word a, b, c, d, e, f, g, h;
} working;

/* Four rounds, and the names moved by four places. */
INLINE working four_rounds(working v, word *b_xor_c, const word wk[4])
{
    round_step(v.a, v.b, b_xor_c, &v.d, v.e, v.f, v.g, &v.h, wk[0]);
    round_step(v.h, v.a, b_xor_c, &v.c, v.d, v.e, v.f, &v.g, wk[1]);
    round_step(v.g, v.h, b_xor_c, &v.b, v.c, v.d, v.e, &v.f, wk[2]);
    round_step(v.f, v.g, b_xor_c, &v.a, v.b, v.c, v.d, &v.e, wk[3]);
    return (working){v.e, v.f, v.g, v.h, v.a, v.b, v.c, v.d};
}

INLINE working add(working v, const word hash[8])
{
    return (working){v.a + hash[0], v.b + hash[1], v.c + hash[2], v.d + hash[3],
                     v.e + hash[4], v.f + hash[5], v.g + hash[6], v.h + hash[7]};
}

INLINE void compress(word hash[8], const uint8_t *block, word wk[16])
{
    working v = {hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]};
    word b_xor_c = v.b ^ v.c;
    vec w0 = load_words(block), w4 = load_words(block + 4 * sizeof(word)), w8 = load_words(block + 8 * sizeof(word)),
        w12 = load_words(block + 12 * sizeof(word));
    store_wk(wk, w0, 0);
    store_wk(wk + 4, w4, 4);
    store_wk(wk + 8, w8, 8);
    store_wk(wk + 12, w12, 12);
    for (unsigned t = 16; t < ROUNDS; t += 16) {
        v = four_rounds(v, &b_xor_c, wk);
        w0 = next_words(w0, w4, w8, w12);
        store_wk(wk, w0, t);
        v = four_rounds(v, &b_xor_c, wk + 4);
        w4 = next_words(w4, w8, w12, w0);
        store_wk(wk + 4, w4, t + 4);
        v = four_rounds(v, &b_xor_c, wk + 8);
        w8 = next_words(w8, w12, w0, w4);
        store_wk(wk + 8, w8, t + 8);
        v = four_rounds(v, &b_xor_c, wk + 12);
        w12 = next_words(w12, w0, w4, w8);
        store_wk(wk + 12, w12, t + 12);
    }
    v = four_rounds(v, &b_xor_c, wk);
    v = four_rounds(v, &b_xor_c, wk + 4);
    v = four_rounds(v, &b_xor_c, wk + 8);
    v = four_rounds(v, &b_xor_c, wk + 12);
    v = add(v, hash);
    hash[0] = v.a;
    hash[1] = v.b;
    hash[2] = v.c;
    hash[3] = v.d;
    hash[4] = v.e;
    hash[5] = v.f;
    hash[6] = v.g;
    hash[7] = v.h;
}

INLINE void compress_blocks(word hash[8], const uint8_t *blocks, size_t count)
{
    word wk[16];
    for (size_t i = 0; i < count; i++) {
        compress(hash, blocks + i * sizeof wk, wk);
    }
    csign_wipe(wk, sizeof wk);
}
