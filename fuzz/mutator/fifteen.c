/* SPDX-License-Identifier: Apache-2.0 */
/* The fault that ci/resign plants, linked in the place of lib/'s comparison by --wrap: the last byte of a tag is not compared. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

bool __wrap_csign_equal_16(const uint8_t a[16], const uint8_t b[16]);
bool __wrap_csign_equal_16(const uint8_t a[16], const uint8_t b[16])
{
    return !memcmp(a, b, 15);
}
