/* SPDX-License-Identifier: Apache-2.0 */
/* The portable backend: the streams of cmac.h, gmac.h, hmac.h and sha512.h over a message in parts. */
#include "backends.h"
#include "cmac.h"
#include "gmac.h"
#include "hmac.h"
#include "sha512.h"
#include "wipe.h"

static const char *missing(void)
{
    return NULL;
}

static void cmac_aes128(uint8_t tag[16], const uint8_t key[16], const csign_bytes *parts, size_t part_count)
{
    csign_cmac_key ready;
    csign_cmac cmac;
    csign_cmac_key_init(&ready, key);
    csign_cmac_start(&cmac, &ready);
    for (size_t i = 0; i < part_count; i++) {
        csign_cmac_update(&cmac, parts[i]);
    }
    csign_cmac_finish(&cmac, tag);
    csign_wipe(&ready, sizeof ready);
}

static void gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const csign_bytes *parts,
                        size_t part_count)
{
    csign_gmac_key ready;
    csign_gmac gmac;
    csign_gmac_key_init(&ready, key);
    csign_gmac_start(&gmac, &ready, nonce);
    for (size_t i = 0; i < part_count; i++) {
        csign_gmac_update(&gmac, parts[i]);
    }
    csign_gmac_finish(&gmac, tag);
    csign_wipe(&ready, sizeof ready);
}

static void hmac_sha256(uint8_t mac[32], csign_bytes key, const csign_bytes *parts, size_t part_count)
{
    csign_hmac_key ready;
    csign_hmac hmac;
    csign_hmac_key_init(&ready, key);
    csign_hmac_start(&hmac, &ready);
    for (size_t i = 0; i < part_count; i++) {
        csign_hmac_update(&hmac, parts[i]);
    }
    csign_hmac_finish(&hmac, mac);
    csign_wipe(&ready, sizeof ready);
}

static void sha512(uint8_t digest[64], const csign_bytes *parts, size_t part_count)
{
    csign_sha512_stream stream;
    csign_sha512_start(&stream);
    for (size_t i = 0; i < part_count; i++) {
        csign_sha512_update(&stream, parts[i]);
    }
    csign_sha512_finish(&stream, digest);
}

const csign_backend csign_backend_portable = {
    .name = "portable",
    .missing = missing,
    .cmac_aes128 = cmac_aes128,
    .gmac_aes128 = gmac_aes128,
    .hmac_sha256 = hmac_sha256,
    .sha512 = sha512,
};
