/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables of the backends for x86-64 share: an entry stands in several where wider instructions are no help. */
#ifndef COUNTERSIGN_CRYPTO_BACKEND_X86_H
#define COUNTERSIGN_CRYPTO_BACKEND_X86_H

#include "backends.h"
#include "hmac_lanes_x86.h"

void csign_cmac_key_aesni(csign_cmac_key *out, const uint8_t key[16]);
void csign_cmac_aesni(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message);
void csign_cmac_batch_aesni(csign_mac_job *const *jobs, size_t count);
void csign_cmac_alike_aesni(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                            size_t count, uint8_t tags[16][16]);

void csign_cmac_vaes(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message);
void csign_cmac_batch_vaes(csign_mac_job *const *jobs, size_t count);
void csign_cmac_alike_vaes(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                           size_t count, uint8_t tags[16][16]);

void csign_cmac_vaes_avx512(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message);
void csign_cmac_batch_vaes_avx512(csign_mac_job *const *jobs, size_t count);
void csign_cmac_alike_vaes_avx512(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                                  size_t count, uint8_t tags[16][16]);

void csign_gmac_key_aesni(csign_gmac_key *out, const uint8_t key[16]);
void csign_gmac_aesni(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message);

void csign_gmac_key_vaes(csign_gmac_key *out, const uint8_t key[16]);
void csign_gmac_vaes(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message);

void csign_gmac_key_vaes_avx512(csign_gmac_key *out, const uint8_t key[16]);
void csign_gmac_vaes_avx512(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce,
                            const csign_message *message);
void csign_gmac_alike_vaes_avx512(const csign_gmac_key *key, const csign_nonce nonce[16],
                                  const uint8_t *const message[16], size_t len, size_t count, uint8_t tags[16][16]);

void csign_sha512_avx2(uint64_t hash[8], const uint8_t *blocks, size_t count);
void csign_sha256_bmi(uint32_t hash[8], const uint8_t *blocks, size_t count);

/* csign_hmac_compress of eight and of sixteen messages, of two, and of one. */
void csign_hmac_lanes_avx2(csign_hmac_lane *const *lanes, size_t count, bool last);
void csign_hmac_lanes_avx512(csign_hmac_lane *const *lanes, size_t count, bool last);
void csign_hmac_two_lanes_shani(csign_hmac_lane *const *lanes, size_t count, bool last);
void csign_hmac_lane_shani(csign_hmac_lane *const *lanes, size_t count, bool last);
void csign_hmac_lane_bmi(csign_hmac_lane *const *lanes, size_t count, bool last);

void csign_hmac_key_bmi(csign_hmac_key *out, csign_bytes key);
void csign_hmac_bmi(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message);

void csign_hmac_key_shani(csign_hmac_key *out, csign_bytes key);
void csign_hmac_shani(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message);
void csign_hmac_batch_shani(csign_mac_job *const *jobs, size_t count);

#endif
