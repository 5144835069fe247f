/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC in registers of one or two blocks, of which there are sixteen: the powers stay in memory, and loops stay loops. Between
   gmac_aesni.c or gmac_vaes.c and gmac_message_x86.h. */
#ifndef COUNTERSIGN_CRYPTO_GMAC_NARROW_H
#define COUNTERSIGN_CRYPTO_GMAC_NARROW_H

enum { STRIDE_POWERS = 20, STRIDE = STRIDE_POWERS / LANES };
/* Sixteen registers are too few for unrolled loops. */
#define GMAC_UNROLL
#define GMAC_HIDE(count) __asm__("" : "+r"(count));
/* Of functions that are not inlined the hash is in memory. */
#define GMAC_WIPE(hash) csign_wipe(&(hash), sizeof(hash));
/* Not inlined: what these need beside the hash is as much as there are registers. */
#define GMAC_STEP static __attribute__((noinline, target(GMAC_TARGET)))

#include "gmac_message_x86.h"

/* hash_many, with STRIDE_POWERS powers and their sums, the highest first. */
GMAC_STEP void hash_strides(vector *hash, const uint8_t *at, size_t count, const uint8_t (*powers)[16],
                            const uint8_t (*sums)[16])
{
    vector h = *hash;
    size_t first = STRIDE - 2;
    __asm__("" : "+r"(first)); /* not unrolled: sixteen registers are too few for that */
    for (; count > 0; count--, at += STRIDE * VECTOR) {
        const uint8_t *p = at + first * VECTOR;
        size_t i = LANES * first;
        product sum = {zero(), zero(), zero()};
        for (; p != at; p -= 2 * VECTOR, i -= 2 * LANES) {
            sum = add_products(sum, reversed(p), reversed(p + VECTOR), broadcast(powers[i]),
                               broadcast(powers[i + LANES]), broadcast(sums[i]));
        }
        sum = add_products(sum, xor2(h, reversed(p)), reversed(p + VECTOR), broadcast(powers[i]),
                           broadcast(powers[i + LANES]), broadcast(sums[i]));
        h = reduce_sum(sum);
    }
    *hash = h;
}

#endif
