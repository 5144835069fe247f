/* SPDX-License-Identifier: Apache-2.0 */
/* Doubling in GF(2^128) as SP 800-38B section 6.1 says it: L << 1 when the first bit of L is 0, else (L << 1) xor R, R = 0^120 10000111. */
#include "crypto/cmac.c"
#include "proof.h"

static unsigned __int128 number(const uint8_t bytes[16])
{
    unsigned __int128 n = 0;
    for (unsigned i = 0; i < 16; i++) {
        n = n << 8 | bytes[i];
    }
    return n;
}

void harness(void)
{
    uint8_t in[16], out[16];
    const unsigned __int128 l = number(in);
    const unsigned __int128 expected = l >> 127 == 0 ? l << 1 : l << 1 ^ 0x87;
    csign_cmac_double(out, in);
    CHECK(number(out) == expected);
    csign_cmac_double(in, in);
    CHECK(number(in) == expected);
}
