/* SPDX-License-Identifier: Apache-2.0 */
/* The portable backend: the streams of cmac.h, gmac.h and hmac.h over a message in parts. */
#include "backends.h"
#include "cmac.h"
#include "gmac.h"
#include "hmac.h"
#include "sha512.h"

static void cmac(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    csign_cmac cmac;
    uint8_t header[MESSAGE_HEADER];
    csign_cmac_start(&cmac, key);
    if (message->header != NULL) {
        csign_message_header(header, message->header);
        csign_cmac_update(&cmac, (csign_bytes){header, sizeof header});
    }
    for (size_t i = 0; i < message->part_count; i++) {
        csign_cmac_update(&cmac, message->parts[i]);
    }
    csign_cmac_finish(&cmac, tag);
}

static void gmac(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message)
{
    csign_gmac gmac;
    uint8_t header[MESSAGE_HEADER];
    csign_gmac_start(&gmac, key, nonce);
    if (message->header != NULL) {
        csign_message_header(header, message->header);
        csign_gmac_update(&gmac, (csign_bytes){header, sizeof header});
    }
    for (size_t i = 0; i < message->part_count; i++) {
        csign_gmac_update(&gmac, message->parts[i]);
    }
    csign_gmac_finish(&gmac, tag);
}

static void hmac(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message)
{
    csign_hmac hmac;
    uint8_t header[MESSAGE_HEADER];
    csign_hmac_start(&hmac, key);
    if (message->header != NULL) {
        csign_message_header(header, message->header);
        csign_hmac_update(&hmac, (csign_bytes){header, sizeof header});
    }
    for (size_t i = 0; i < message->part_count; i++) {
        csign_hmac_update(&hmac, message->parts[i]);
    }
    csign_hmac_finish(&hmac, mac);
}

const csign_backend csign_backend_portable = {
    .name = "portable",
    .cmac_key = csign_cmac_key_init,
    .cmac = cmac,
    .gmac_key = csign_gmac_key_init,
    .gmac = gmac,
    .hmac_key = csign_hmac_key_init,
    .hmac = hmac,
    .sha512_blocks = csign_sha512_blocks,
};
