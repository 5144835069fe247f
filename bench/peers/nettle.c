/* SPDX-License-Identifier: Apache-2.0 */
/* nettle: contexts are plain structs that digest resets to "key ready", and no call goes through a table of algorithms. GMAC is
   GCM with additional data alone; gcm_aes128_* goes straight to AES. */
#define PEER_ADAPTER
#include <nettle/cmac.h>
#include <nettle/gcm.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <nettle/version.h>
#include <stdio.h>
#include <stdlib.h>

#include "../peer.h"

static const char *start(unsigned without)
{
    (void)without;
    static char text[32];
    snprintf(text, sizeof text, "%d.%d", nettle_version_major(), nettle_version_minor());
    return text;
}

static void *cmac_new(void)
{
    return aligned_alloc(64, (sizeof(struct cmac_aes128_ctx) + 63) / 64 * 64);
}

static bool cmac_set(void *key, const uint8_t *raw, size_t len)
{
    (void)len;
    cmac_aes128_set_key(key, raw);
    return true;
}

static bool cmac(const struct peer_message *m)
{
    cmac_aes128_update(m->key, m->len, m->data);
    cmac_aes128_digest(m->key, 16, m->tag);
    return true;
}

static void *gmac_new(void)
{
    return aligned_alloc(64, (sizeof(struct gcm_aes128_ctx) + 63) / 64 * 64);
}

static bool gmac_set(void *key, const uint8_t *raw, size_t len)
{
    (void)len;
    gcm_aes128_set_key(key, raw);
    return true;
}

static bool gmac(const struct peer_message *m)
{
    gcm_aes128_set_iv(m->key, 12, m->nonce);
    gcm_aes128_update(m->key, m->len, m->data);
    gcm_aes128_digest(m->key, 16, m->tag);
    return true;
}

static void *hmac_new(void)
{
    return aligned_alloc(64, (sizeof(struct hmac_sha256_ctx) + 63) / 64 * 64);
}

static bool hmac_set(void *key, const uint8_t *raw, size_t len)
{
    hmac_sha256_set_key(key, len, raw);
    return true;
}

static bool hmac(const struct peer_message *m)
{
    hmac_sha256_update(m->key, m->len, m->data);
    hmac_sha256_digest(m->key, 32, m->tag);
    return true;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    struct sha512_ctx context;
    sha512_init(&context);
    sha512_update(&context, len, data);
    sha512_digest(&context, 64, digest);
    return true;
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "nettle",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"cmac_aes128_update, _digest", cmac_new, cmac_set, free, cmac, 0, NULL},
            [PEER_AES_GMAC] = {"gcm_aes128_set_iv, _update, _digest", gmac_new, gmac_set, free, gmac, 0, NULL},
            [PEER_HMAC_SHA256] = {"hmac_sha256_update, _digest", hmac_new, hmac_set, free, hmac, 0, NULL},
        },
    .sha512_how = "sha512_init, _update, _digest",
    .sha512 = sha512,
};
