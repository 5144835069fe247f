/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC in pieces: GCM with nothing to encrypt. NIST SP 800-38D. Constant time; only lengths show. */
#ifndef COUNTERSIGN_CRYPTO_GMAC_H
#define COUNTERSIGN_CRYPTO_GMAC_H

#include <stdint.h>

#include "../include/countersign/bytes.h"
#include "../include/countersign/signer_state.h"
#include "message.h"

/* csign_gmac: a message being authenticated. It borrows its key. */
typedef struct csign_gmac {
    const csign_gmac_key *key;
    uint64_t hash[2];
    uint64_t len; /* bytes so far; len % 16 of them wait in block */
    uint8_t block[16];
    uint8_t mask[16]; /* the encrypted counter block that hides the hash */
} csign_gmac;

/* csign_gmac_key_init prepares a 16-byte key: its schedule and the hash subkey. */
void csign_gmac_key_init(csign_gmac_key *out, const uint8_t key[16]);

/* csign_gmac_start begins a message with a nonce that must never repeat under this key, csign_gmac_update adds
   to it any number of times, csign_gmac_finish writes its tag and wipes the stream. */
void csign_gmac_start(csign_gmac *gmac, const csign_gmac_key *key, csign_nonce nonce);
void csign_gmac_update(csign_gmac *gmac, csign_bytes message);
void csign_gmac_finish(csign_gmac *gmac, uint8_t tag[16]);

#endif
