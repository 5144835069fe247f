/* SPDX-License-Identifier: Apache-2.0 */
/* The signature of a message whose body lies in fuzzed parts, against every oracle: shared by cmac_diff, gmac_diff, hmac_diff. */
#ifndef FUZZ_SIGNED_PARTS_H
#define FUZZ_SIGNED_PARTS_H

#include "fuzz.h"

/* csign_mac over three parts and over one is the same, and what the oracles say of the element in one piece. Nothing is done
   with a message under 64 bytes. */
void signed_parts_check(csign_signing_algorithm algorithm, const uint8_t key[16], csign_bytes message,
                        const uint16_t cuts[3]);

#endif
