/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA-256 in pieces. RFC 2104, FIPS 198-1. Constant time; only lengths show. */
#ifndef COUNTERSIGN_CRYPTO_HMAC_H
#define COUNTERSIGN_CRYPTO_HMAC_H

#include <stdint.h>

#include "../include/countersign/bytes.h"
#include "../include/countersign/signer_state.h"
#include "sha256.h"

/* csign_hmac: a message being authenticated. It borrows its key. */
typedef struct csign_hmac {
    const csign_hmac_key *key;
    csign_sha256 inner;
} csign_hmac;

/* csign_hmac_key_init prepares a key of any length: the hash values after both pads, so that no message hashes them
   again. */
void csign_hmac_key_init(csign_hmac_key *out, csign_bytes key);

/* csign_hmac_key_block gives the block that is xored with the pads of a key of any length, csign_hmac_pads the blocks K ^ ipad and
   K ^ opad. The caller wipes them. */
enum { HMAC_IPAD = 0x36, HMAC_OPAD = 0x5C };
void csign_hmac_key_block(uint8_t block[64], csign_bytes key);
void csign_hmac_pads(uint8_t inner[64], uint8_t outer[64], csign_bytes key);

/* csign_hmac_start begins a message, csign_hmac_update adds to it any number of times, csign_hmac_finish writes the
   full 32-byte MAC and wipes the stream. */
void csign_hmac_start(csign_hmac *hmac, const csign_hmac_key *key);
void csign_hmac_update(csign_hmac *hmac, csign_bytes message);
void csign_hmac_finish(csign_hmac *hmac, uint8_t mac[32]);

#endif
