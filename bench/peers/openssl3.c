/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL 3: algorithms fetched once. CMAC and HMAC: one EVP_MAC_CTX, EVP_MAC_init without a key starts the next message. GMAC: an
   EVP_CIPHER_CTX of AES-128-GCM that gets a nonce and additional data, which is what its EVP_MAC does behind more
   parameters. KDF: KBKDF. */
#define PEER_ADAPTER
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "../peer.h"

static EVP_MAC *cmac_algorithm, *hmac_algorithm;
static EVP_CIPHER *gcm;
static EVP_MD *sha512_algorithm;
static EVP_MD_CTX *sha512_context;
static EVP_KDF *kbkdf;
static EVP_KDF_CTX *kbkdf_context;

/* Parameters are declared non-const although they are only read. */
static OSSL_PARAM octets(const char *name, const uint8_t *data, size_t len)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)data, len);
}

static OSSL_PARAM text(const char *name, const char *value)
{
    return OSSL_PARAM_construct_utf8_string(name, (char *)(uintptr_t)value, 0);
}

static const char *start(unsigned without)
{
    (void)without;
    cmac_algorithm = EVP_MAC_fetch(NULL, "CMAC", NULL);
    hmac_algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    gcm = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
    sha512_algorithm = EVP_MD_fetch(NULL, "SHA512", NULL);
    sha512_context = EVP_MD_CTX_new();
    kbkdf = EVP_KDF_fetch(NULL, "KBKDF", NULL);
    kbkdf_context = EVP_KDF_CTX_new(kbkdf);
    const OSSL_PARAM kind[] = {text(OSSL_KDF_PARAM_MODE, "counter"), text(OSSL_KDF_PARAM_MAC, "HMAC"),
                               text(OSSL_KDF_PARAM_DIGEST, "SHA256"), OSSL_PARAM_construct_end()};
    if (EVP_KDF_CTX_set_params(kbkdf_context, kind) != 1) {
        return NULL;
    }
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}

static void *mac_new(EVP_MAC *algorithm, const char *name, const char *value)
{
    EVP_MAC_CTX *key = EVP_MAC_CTX_new(algorithm);
    const OSSL_PARAM params[] = {text(name, value), OSSL_PARAM_construct_end()};
    return key != NULL && EVP_MAC_CTX_set_params(key, params) ? key : NULL;
}

static void *cmac_new(void)
{
    return mac_new(cmac_algorithm, OSSL_MAC_PARAM_CIPHER, "AES-128-CBC");
}

static void *hmac_new(void)
{
    return mac_new(hmac_algorithm, OSSL_MAC_PARAM_DIGEST, "SHA256");
}

static bool mac_set(void *key, const uint8_t *raw, size_t len)
{
    return EVP_MAC_init(key, raw, len, NULL) == 1;
}

static void mac_free(void *key)
{
    EVP_MAC_CTX_free(key);
}

static bool mac(const struct peer_message *m)
{
    size_t written;
    return EVP_MAC_init(m->key, NULL, 0, NULL) && EVP_MAC_update(m->key, m->data, m->len) &&
           EVP_MAC_final(m->key, m->tag, &written, 32);
}

static void *gmac_new(void)
{
    return EVP_CIPHER_CTX_new();
}

static bool gmac_set(void *key, const uint8_t *raw, size_t len)
{
    (void)len;
    return EVP_EncryptInit_ex2(key, gcm, raw, NULL, NULL) == 1;
}

static void gmac_free(void *key)
{
    EVP_CIPHER_CTX_free(key);
}

static bool gmac(const struct peer_message *m)
{
    int written;
    return EVP_EncryptInit_ex2(m->key, NULL, NULL, m->nonce, NULL) &&
           EVP_EncryptUpdate(m->key, NULL, &written, m->data, (int)m->len) &&
           EVP_EncryptFinal_ex(m->key, m->tag, &written) &&
           EVP_CIPHER_CTX_ctrl(m->key, EVP_CTRL_AEAD_GET_TAG, 16, m->tag);
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    return EVP_DigestInit_ex2(sha512_context, sha512_algorithm, NULL) && EVP_DigestUpdate(sha512_context, data, len) &&
           EVP_DigestFinal_ex(sha512_context, digest, NULL);
}

static bool kdf(const struct peer_derivation *d, size_t count)
{
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        const OSSL_PARAM params[] = {
            octets(OSSL_KDF_PARAM_KEY, d[i].key, d[i].key_len), octets(OSSL_KDF_PARAM_SALT, d[i].label, d[i].label_len),
            octets(OSSL_KDF_PARAM_INFO, d[i].context, d[i].context_len), OSSL_PARAM_construct_end()};
        ok = EVP_KDF_derive(kbkdf_context, d[i].out, d[i].out_len, params) == 1;
    }
    return ok;
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "openssl3",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"EVP_MAC_init without a key, _update, _final", cmac_new, mac_set, mac_free, mac, 0,
                               NULL},
            [PEER_AES_GMAC] = {"EVP_EncryptInit_ex2 with a nonce, EVP_EncryptUpdate, _Final_ex", gmac_new, gmac_set,
                               gmac_free, gmac, 0, NULL},
            [PEER_HMAC_SHA256] = {"EVP_MAC_init without a key, _update, _final", hmac_new, mac_set, mac_free, mac, 0,
                                  NULL},
        },
    .sha512_how = "EVP_DigestInit_ex2, _Update, _Final_ex",
    .sha512 = sha512,
    .kdf_how = "EVP_KDF_derive, KBKDF, one context",
    .kdf = kdf,
};
