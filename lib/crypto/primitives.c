/* SPDX-License-Identifier: Apache-2.0 */
/* The primitives of crypto.h in one shot, by the best backend that runs here. */
#include "../include/countersign/crypto.h"

#include "backends.h"
#include "sha512.h"
#include "wipe.h"

void csign_cmac_aes128(uint8_t tag[16], const uint8_t key[16], csign_bytes message)
{
    const csign_backend *backend = csign_backends[csign_backend_best(CSIGN_CMAC)];
    csign_cmac_key ready;
    backend->cmac_key(&ready, key);
    backend->cmac(&ready, tag, &(csign_message){NULL, &message, 1});
    csign_wipe(&ready, sizeof ready);
}

void csign_gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], csign_bytes message)
{
    const csign_backend *backend = csign_backends[csign_backend_best(CSIGN_GMAC)];
    csign_gmac_key ready;
    backend->gmac_key(&ready, key);
    backend->gmac(&ready, tag, csign_nonce_load(nonce), &(csign_message){NULL, &message, 1});
    csign_wipe(&ready, sizeof ready);
}

void csign_hmac_sha256(uint8_t mac[32], csign_bytes key, csign_bytes message)
{
    const csign_backend *backend = csign_backends[csign_backend_best(CSIGN_HMAC)];
    csign_hmac_key ready;
    backend->hmac_key(&ready, key);
    backend->hmac(&ready, mac, &(csign_message){NULL, &message, 1});
    csign_wipe(&ready, sizeof ready);
}

void csign_sha512(uint8_t digest[64], csign_bytes message)
{
    csign_sha512_stream sha512;
    csign_sha512_start(&sha512, csign_backends[csign_backend_best(CSIGN_SHA512)]->sha512_blocks);
    csign_sha512_update(&sha512, message);
    csign_sha512_finish(&sha512, digest);
}
