/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC in pieces. NIST SP 800-38B, RFC 4493. Constant time; only lengths show. */
#ifndef COUNTERSIGN_CRYPTO_CMAC_H
#define COUNTERSIGN_CRYPTO_CMAC_H

#include <stddef.h>
#include <stdint.h>

#include "../include/countersign/bytes.h"
#include "../include/countersign/signer_state.h"

/* csign_cmac: a message being authenticated. It borrows its key. */
typedef struct csign_cmac {
    const csign_cmac_key *key;
    uint8_t chain[16]; /* the cipher's last output, plus the first `used` bytes of the block that follows */
    size_t used;       /* 0..16: a full block waits, because the last one is treated apart */
} csign_cmac;

/* csign_cmac_double multiplies by x in GF(2^128): shifts left by one bit, byte 0 first, and adds 0x87 to the last byte
   if a one fell out. out may be in. SP 800-38B section 6.1. */
void csign_cmac_double(uint8_t out[16], const uint8_t in[16]);

/* csign_cmac_key_init prepares a 16-byte key: its schedule and the two subkeys. */
void csign_cmac_key_init(csign_cmac_key *out, const uint8_t key[16]);

/* csign_cmac_start begins a message, csign_cmac_update adds to it any number of times, csign_cmac_finish writes its
   tag and wipes the stream. */
void csign_cmac_start(csign_cmac *cmac, const csign_cmac_key *key);
void csign_cmac_update(csign_cmac *cmac, csign_bytes message);
void csign_cmac_finish(csign_cmac *cmac, uint8_t tag[16]);

#endif
