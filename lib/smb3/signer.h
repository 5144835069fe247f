/* SPDX-License-Identifier: Apache-2.0 */
/* The three signing algorithms behind csign_signer (MS-SMB2 3.1.4.1): each makes its key ready and computes the
   16-byte signature of an element, whose header already has SIGNED set and its signature field zeroed. */
#ifndef COUNTERSIGN_SMB3_SIGNER_H
#define COUNTERSIGN_SMB3_SIGNER_H

#include "../include/countersign/sign.h"

typedef struct csign_element {
    const uint8_t *header; /* 64 bytes */
    const csign_bytes *parts;
    size_t part_count;
} csign_element;

void csign_signer_hmac_init(csign_hmac_key *out, const uint8_t key[16]);
void csign_signer_hmac(const csign_hmac_key *key, uint8_t tag[16], const csign_element *element);

void csign_signer_cmac_init(csign_cmac_key *out, const uint8_t key[16]);
void csign_signer_cmac(const csign_cmac_key *key, uint8_t tag[16], const csign_element *element);

void csign_signer_gmac_init(csign_gmac_key *out, const uint8_t key[16]);
void csign_signer_gmac(const csign_gmac_key *key, uint8_t tag[16], const csign_element *element);

#endif
