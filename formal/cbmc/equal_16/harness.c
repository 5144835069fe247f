/* SPDX-License-Identifier: Apache-2.0 */
/* The tag comparison accepts exactly equal tags. */
#include "crypto/equal.c"
#include "proof.h"

void harness(void)
{
    uint8_t a[16], b[16];
    bool same = true;
    for (unsigned i = 0; i < 16; i++) {
        same = same && a[i] == b[i];
    }
    CHECK(csign_equal_16(a, b) == same);
    CHECK(csign_equal_16(a, a));
}
