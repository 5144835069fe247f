/* SPDX-License-Identifier: Apache-2.0 */
/* Mbed TLS 2.28: cipher and md contexts reset to a ready key; GMAC is mbedtls_gcm_crypt_and_tag with additional data alone. */
#define PEER_ADAPTER
#include <mbedtls/cipher.h>
#include <mbedtls/cmac.h>
#include <mbedtls/gcm.h>
#include <mbedtls/md.h>
#include <mbedtls/sha512.h>
#include <mbedtls/version.h>
#include <stdlib.h>

#include "../peer.h"

static const char *start(unsigned without)
{
    (void)without;
    static char text[18]; /* as long as the library says */
    mbedtls_version_get_string(text);
    return text;
}

static void cmac_free(void *key)
{
    mbedtls_cipher_free(key);
    free(key);
}

static void *cmac_new(void)
{
    mbedtls_cipher_context_t *key = malloc(sizeof *key);
    if (key == NULL)
        return NULL;
    mbedtls_cipher_init(key);
    if (mbedtls_cipher_setup(key, mbedtls_cipher_info_from_type(MBEDTLS_CIPHER_AES_128_ECB)) == 0)
        return key;
    cmac_free(key);
    return NULL;
}

/* cmac_starts allocates its state each time, so a context gets a new key by being set up again. */
static bool cmac_set(void *key, const uint8_t *raw, size_t len)
{
    mbedtls_cipher_free(key);
    mbedtls_cipher_init(key);
    return mbedtls_cipher_setup(key, mbedtls_cipher_info_from_type(MBEDTLS_CIPHER_AES_128_ECB)) == 0 &&
           mbedtls_cipher_cmac_starts(key, raw, 8 * len) == 0;
}

static bool cmac(const struct peer_message *m)
{
    return mbedtls_cipher_cmac_update(m->key, m->data, m->len) == 0 &&
           mbedtls_cipher_cmac_finish(m->key, m->tag) == 0 && mbedtls_cipher_cmac_reset(m->key) == 0;
}

static void *gmac_new(void)
{
    mbedtls_gcm_context *key = malloc(sizeof *key);
    if (key)
        mbedtls_gcm_init(key);
    return key;
}

static bool gmac_set(void *key, const uint8_t *raw, size_t len)
{
    return mbedtls_gcm_setkey(key, MBEDTLS_CIPHER_ID_AES, raw, (unsigned)(8 * len)) == 0;
}

static void gmac_free(void *key)
{
    mbedtls_gcm_free(key);
    free(key);
}

static bool gmac(const struct peer_message *m)
{
    uint8_t none = 0;
    return mbedtls_gcm_crypt_and_tag(m->key, MBEDTLS_GCM_ENCRYPT, 0, m->nonce, 12, m->data, m->len, &none, &none, 16,
                                     m->tag) == 0;
}

static void hmac_free(void *key)
{
    mbedtls_md_free(key);
    free(key);
}

static void *hmac_new(void)
{
    mbedtls_md_context_t *key = malloc(sizeof *key);
    if (key == NULL)
        return NULL;
    mbedtls_md_init(key);
    if (mbedtls_md_setup(key, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 1) == 0)
        return key;
    hmac_free(key);
    return NULL;
}

static bool hmac_set(void *key, const uint8_t *raw, size_t len)
{
    return mbedtls_md_hmac_starts(key, raw, len) == 0;
}

static bool hmac(const struct peer_message *m)
{
    return mbedtls_md_hmac_update(m->key, m->data, m->len) == 0 && mbedtls_md_hmac_finish(m->key, m->tag) == 0 &&
           mbedtls_md_hmac_reset(m->key) == 0;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    return mbedtls_sha512_ret(data, len, digest, 0) == 0; /* 0: not SHA-384 */
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "mbedtls",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"mbedtls_cipher_cmac_update, _finish, _reset", cmac_new, cmac_set, cmac_free, cmac, 0,
                               NULL},
            [PEER_AES_GMAC] = {"mbedtls_gcm_crypt_and_tag", gmac_new, gmac_set, gmac_free, gmac, 0, NULL},
            [PEER_HMAC_SHA256] = {"mbedtls_md_hmac_update, _finish, _reset", hmac_new, hmac_set, hmac_free, hmac, 0,
                                  NULL},
        },
    .sha512_how = "mbedtls_sha512_ret",
    .sha512 = sha512,
};
