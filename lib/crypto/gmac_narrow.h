/* SPDX-License-Identifier: Apache-2.0 */
/* The loop over long messages for registers of one or two blocks, of which there are sixteen, so that the powers stay in memory: for
   gmac_aesni.c and gmac_vaes.c, behind gmac_x86.h. */
#ifndef COUNTERSIGN_CRYPTO_GMAC_NARROW_H
#define COUNTERSIGN_CRYPTO_GMAC_NARROW_H

GMAC_STEP void hash_many(const csign_gmac_key *key, vector *hash, const uint8_t *at, size_t count)
{
    vector h = *hash;
    size_t first = STRIDE - 2;
    __asm__("" : "+r"(first)); /* not unrolled: sixteen registers are too few for that */
    for (; count > 0; count--, at += STRIDE * VECTOR) {
        const uint8_t *p = at + first * VECTOR;
        size_t i = place(LANES * (STRIDE - first));
        product sum = {zero(), zero(), zero()};
        for (; p != at; p -= 2 * VECTOR, i -= 2 * LANES) {
            sum = add_products(sum, reversed(p), reversed(p + VECTOR), broadcast(key->powers[i]),
                               broadcast(key->powers[i + LANES]), broadcast(key->sums[i]));
        }
        sum = add_products(sum, xor2(h, reversed(p)), reversed(p + VECTOR), broadcast(key->powers[i]),
                           broadcast(key->powers[i + LANES]), broadcast(key->sums[i]));
        h = reduce_sum(sum);
    }
    *hash = h;
}

#endif
