/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison that stops at the first difference lets a forger find a tag byte by byte. This one looks at all 16
   bytes and turns the collected differences into the answer by arithmetic: 0 - 1 borrows, 1..255 - 1 does not. */
#include "equal.h"

bool csign_equal_16(const uint8_t a[16], const uint8_t b[16])
{
    uint32_t differences = 0;
    for (unsigned i = 0; i < 16; i++) {
        differences |= (uint32_t)a[i] ^ b[i];
    }
    return (bool)((differences - 1u) >> 31);
}
