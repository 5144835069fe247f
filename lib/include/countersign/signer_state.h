/* SPDX-License-Identifier: Apache-2.0 */
/* What a csign_signer holds for each algorithm: keys in the form the primitives use. Complete so that a signer can live
   anywhere and be copied by assignment; the fields are private and change without notice. */
#ifndef COUNTERSIGN_SIGNER_STATE_H
#define COUNTERSIGN_SIGNER_STATE_H

#include <stdint.h>

/* AES-128 round keys as bit planes: bit b of plane p of a round is bit p of byte b of that round key. */
typedef struct csign_aes128_key {
    uint16_t planes[11][8];
} csign_aes128_key;

typedef struct csign_cmac_key {
    csign_aes128_key aes;
    uint8_t k1[16], k2[16]; /* SP 800-38B subkeys */
} csign_cmac_key;

typedef struct csign_gmac_key {
    csign_aes128_key aes;
    uint64_t h[2]; /* the hash subkey as two big-endian words */
} csign_gmac_key;

/* SHA-256 states after the inner and the outer pad block. */
typedef struct csign_hmac_key {
    uint32_t inner[8], outer[8];
} csign_hmac_key;

#endif
