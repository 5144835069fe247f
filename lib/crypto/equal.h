/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing tags without telling where they differ. */
#ifndef COUNTERSIGN_CRYPTO_EQUAL_H
#define COUNTERSIGN_CRYPTO_EQUAL_H

#include <stdbool.h>
#include <stdint.h>

/* csign_equal_16 says whether the 16 bytes at a and at b are the same. Constant time; only the answer shows. */
bool csign_equal_16(const uint8_t a[16], const uint8_t b[16]);

#endif
