/* SPDX-License-Identifier: Apache-2.0 */
/* BoringSSL, as Debian packages Android's: CMAC_CTX and HMAC_CTX reset to a ready key (CMAC_Reset, HMAC_Init_ex without a key);
   EVP_AEAD's AES-128-GCM with an empty plaintext is GMAC. For a new key AES_CMAC is faster than a context, HMAC is not. */
#define PEER_ADAPTER
#include <openssl/aead.h>
#include <openssl/aes.h>
#include <openssl/base.h>
#include <openssl/cmac.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdlib.h>

#include "../peer.h"

/* It has no releases; OpenSSL_version() says no more than its name. */
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
static const char *start(unsigned without)
{
    (void)without;
    return "API version " TEXT(BORINGSSL_API_VERSION);
}

static void *cmac_new(void)
{
    return CMAC_CTX_new();
}

static bool cmac_set(void *key, const uint8_t *raw, size_t len)
{
    return CMAC_Init(key, raw, len, EVP_aes_128_cbc(), NULL) == 1;
}

static void cmac_free(void *key)
{
    CMAC_CTX_free(key);
}

static bool cmac(const struct peer_message *m)
{
    size_t written;
    return CMAC_Reset(m->key) && CMAC_Update(m->key, m->data, m->len) && CMAC_Final(m->key, m->tag, &written);
}

static void *gmac_new(void)
{
    EVP_AEAD_CTX *key = malloc(sizeof *key);
    if (key)
        EVP_AEAD_CTX_zero(key);
    return key;
}

static bool gmac_set(void *key, const uint8_t *raw, size_t len)
{
    EVP_AEAD_CTX_cleanup(key);
    return EVP_AEAD_CTX_init(key, EVP_aead_aes_128_gcm(), raw, len, 16, NULL) == 1;
}

static void gmac_free(void *key)
{
    EVP_AEAD_CTX_cleanup(key);
    free(key);
}

static bool gmac(const struct peer_message *m)
{
    size_t written;
    return EVP_AEAD_CTX_seal(m->key, m->tag, &written, 16, m->nonce, 12, NULL, 0, m->data, m->len) == 1;
}

static void *hmac_new(void)
{
    return HMAC_CTX_new();
}

static bool hmac_set(void *key, const uint8_t *raw, size_t len)
{
    return HMAC_Init_ex(key, raw, len, EVP_sha256(), NULL) == 1;
}

static void hmac_free(void *key)
{
    HMAC_CTX_free(key);
}

static bool hmac(const struct peer_message *m)
{
    unsigned written;
    return HMAC_Init_ex(m->key, NULL, 0, NULL, NULL) && HMAC_Update(m->key, m->data, m->len) &&
           HMAC_Final(m->key, m->tag, &written);
}

static bool cmac_one_shot(const struct peer_message *m, const uint8_t raw[16])
{
    return AES_CMAC(m->tag, raw, 16, m->data, m->len) == 1;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    return SHA512(data, len, digest) != NULL;
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "boringssl",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"CMAC_Reset, _Update, _Final", cmac_new, cmac_set, cmac_free, cmac, 0, cmac_one_shot},
            [PEER_AES_GMAC] = {"EVP_AEAD_CTX_seal", gmac_new, gmac_set, gmac_free, gmac, 0, NULL},
            [PEER_HMAC_SHA256] = {"HMAC_Init_ex without a key, _Update, _Final", hmac_new, hmac_set, hmac_free, hmac, 0,
                                  NULL},
        },
    .sha512_how = "SHA512",
    .sha512 = sha512,
};
