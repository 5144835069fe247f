/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128, the encrypting direction only: neither CMAC nor GMAC ever decrypts. FIPS 197. Constant time. */
#ifndef COUNTERSIGN_CRYPTO_AES128_H
#define COUNTERSIGN_CRYPTO_AES128_H

#include <stdint.h>

#include "../include/countersign/signer_state.h"

/* csign_aes128_expand makes the eleven round keys of a 16-byte key. FIPS 197 section 5.2. */
void csign_aes128_expand(csign_aes128_key *out, const uint8_t key[16]);

/* csign_aes128_encrypt encrypts one block. out may be in. FIPS 197 section 5.1. */
void csign_aes128_encrypt(const csign_aes128_key *key, uint8_t out[16], const uint8_t in[16]);

#endif
