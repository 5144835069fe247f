/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of the backends for AArch64. */
#ifndef COUNTERSIGN_CRYPTO_BACKEND_ARMV8_H
#define COUNTERSIGN_CRYPTO_BACKEND_ARMV8_H

#include "backends.h"

void csign_cmac_key_armv8(csign_cmac_key *out, const uint8_t key[16]);
void csign_cmac_armv8(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message);
void csign_cmac_batch_armv8(csign_mac_job *const *jobs, size_t count);

void csign_gmac_key_armv8(csign_gmac_key *out, const uint8_t key[16]);
void csign_gmac_armv8(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message);
void csign_gmac_batch_armv8(csign_mac_job *const *jobs, size_t count);

void csign_hmac_key_armv8(csign_hmac_key *out, csign_bytes key);
void csign_hmac_armv8(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message);
void csign_hmac_batch_armv8(csign_mac_job *const *jobs, size_t count);

void csign_sha512_blocks_armv8(uint64_t hash[8], const uint8_t *blocks, size_t count);

#endif
