/* SPDX-License-Identifier: Apache-2.0 */
/* bytes.h: lists of ids at any alignment, and what lies outside them. */
#include <countersign/countersign.h>

#include "check.h"

int main(void)
{
    const uint8_t raw[] = {0xEE, 0x01, 0x02, 0x03, 0x04, 0xFF, 0xFF};
    for (size_t at = 0; at < 2; at++) {
        csign_u16_list list = {raw + 1 + at, 2};
        CHECK(csign_u16_at(list, 0) == raw[1 + at] + 256u * raw[2 + at]);
        CHECK(csign_u16_at(list, 1) == raw[3 + at] + 256u * raw[4 + at]);
        CHECK(csign_u16_at(list, 2) == 0);
        CHECK(csign_u16_at(list, SIZE_MAX) == 0);
        CHECK(csign_u16_at(list, SIZE_MAX / 2 + 1) == 0);
    }
    csign_u16_list none = {NULL, 0};
    CHECK(csign_u16_at(none, 0) == 0);
    CHECK(csign_u16_at(none, 7) == 0);
    return CHECK_RESULT();
}
