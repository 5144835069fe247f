/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL 3, through its providers: EVP_MAC for CMAC, GMAC and HMAC, EVP_MD for SHA-512, EVP_KDF's KBKDF for SP 800-108. All of
   it is the library's own; KBKDF is the reading of SP 800-108 that owes nothing to this project. Algorithms are fetched once,
   contexts made for each call so that no call sees what another left. */
#define ORACLE_ADAPTER
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "oracle.h"

static const char *version(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}

static EVP_MAC *fetch_mac(EVP_MAC **kept, const char *name)
{
    if (*kept == NULL)
        *kept = EVP_MAC_fetch(NULL, name, NULL);
    return *kept;
}

/* Parameters are declared non-const although they are only read. */
static OSSL_PARAM octets(const char *name, const uint8_t *data, size_t len)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)data, len);
}

static OSSL_PARAM text(const char *name, const char *value)
{
    return OSSL_PARAM_construct_utf8_string(name, (char *)(uintptr_t)value, 0);
}

static bool one_mac(EVP_MAC *mac, const OSSL_PARAM *params, uint8_t *out, size_t out_len, const uint8_t *key,
                    size_t key_len, const uint8_t *message, size_t len)
{
    EVP_MAC_CTX *context = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
    size_t written = 0;
    bool ok = context != NULL && EVP_MAC_init(context, key, key_len, params) && EVP_MAC_update(context, message, len) &&
              EVP_MAC_final(context, out, &written, out_len) && written == out_len;
    EVP_MAC_CTX_free(context);
    return ok;
}

static bool cmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    static EVP_MAC *mac;
    const OSSL_PARAM params[] = {text(OSSL_MAC_PARAM_CIPHER, "AES-128-CBC"), OSSL_PARAM_construct_end()};
    return one_mac(fetch_mac(&mac, "CMAC"), params, tag, 16, key, 16, message, len);
}

static bool gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message,
                        size_t len)
{
    static EVP_MAC *mac;
    const OSSL_PARAM params[] = {text(OSSL_MAC_PARAM_CIPHER, "AES-128-GCM"), octets(OSSL_MAC_PARAM_IV, nonce, 12),
                                 OSSL_PARAM_construct_end()};
    return one_mac(fetch_mac(&mac, "GMAC"), params, tag, 16, key, 16, message, len);
}

static bool hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len)
{
    static EVP_MAC *hmac;
    const OSSL_PARAM params[] = {text(OSSL_MAC_PARAM_DIGEST, "SHA256"), OSSL_PARAM_construct_end()};
    return one_mac(fetch_mac(&hmac, "HMAC"), params, mac, 32, key, key_len, message, len);
}

static bool sha512(uint8_t digest[64], const uint8_t *message, size_t len)
{
    static EVP_MD *md;
    unsigned written = 0;
    if (md == NULL)
        md = EVP_MD_fetch(NULL, "SHA512", NULL);
    return md != NULL && EVP_Digest(message, len, digest, &written, md, NULL) && written == 64;
}

static bool kdf_sp800_108(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len)
{
    static EVP_KDF *kdf;
    static const uint8_t zero = 0;
    if (kdf == NULL)
        kdf = EVP_KDF_fetch(NULL, "KBKDF", NULL);
    EVP_KDF_CTX *ctx = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    if (ctx == NULL)
        return false;
    if (key_len == 0) { /* see exceptions */
        key = &zero;
        key_len = 1;
    }
    OSSL_PARAM params[8], *p = params;
    *p++ = text(OSSL_KDF_PARAM_MODE, "counter");
    *p++ = text(OSSL_KDF_PARAM_MAC, "HMAC");
    *p++ = text(OSSL_KDF_PARAM_DIGEST, "SHA256");
    *p++ = octets(OSSL_KDF_PARAM_KEY, key, key_len);
    if (label_len)
        *p++ = octets(OSSL_KDF_PARAM_SALT, label, label_len);
    if (context_len)
        *p++ = octets(OSSL_KDF_PARAM_INFO, context, context_len);
    *p = OSSL_PARAM_construct_end();
    bool ok = EVP_KDF_derive(ctx, out, out_len, params) == 1;
    EVP_KDF_CTX_free(ctx);
    return ok;
}

static const struct oracle_exception exceptions[] = {
    /* HMAC pads keys with zeros to a block (RFC 2104 section 2), so one zero byte is the same key. */
    {ORACLE_KDF_SP800_108, ORACLE_KEY, 0, 0, ORACLE_ASKED_OTHERWISE,
     "KBKDF refuses an empty key; asked with the key 00, which HMAC takes for the same"},
};

const struct oracle csign_oracle = {
    .interface = ORACLE_INTERFACE,
    .name = "openssl3",
    .version = version,
    .exceptions = exceptions,
    .exception_count = sizeof exceptions / sizeof *exceptions,
    .cmac_aes128 = cmac_aes128,
    .gmac_aes128 = gmac_aes128,
    .hmac_sha256 = hmac_sha256,
    .sha512 = sha512,
    .kdf_sp800_108 = kdf_sp800_108,
};
