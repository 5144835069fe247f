/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison that stops at the first difference lets a forger find a tag byte by byte. This one looks at all 16
   bytes and turns the collected differences into the answer by arithmetic: 0 - 1 borrows, 1..2^32 - 1 minus 1 does not. */
#include "equal.h"

#include "../octets.h"

bool csign_equal_16(const uint8_t a[16], const uint8_t b[16])
{
    uint64_t differences = csign_load_le64(a) ^ csign_load_le64(b);
    differences |= csign_load_le64(a + 8) ^ csign_load_le64(b + 8);
    differences = (differences >> 32) | (differences & 0xFFFFFFFFu);
    return (bool)((differences - 1u) >> 63);
}
