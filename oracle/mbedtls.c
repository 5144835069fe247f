/* SPDX-License-Identifier: Apache-2.0 */
/* Mbed TLS 2.28: its own CMAC (of the cipher layer), HMAC and SHA-512; GMAC is its AES-128-GCM with additional data alone, which
   SP 800-38D section 3 defines GMAC to be. It has no SP 800-108: composed of its HMAC. */
#define ORACLE_ADAPTER
#include <mbedtls/cipher.h>
#include <mbedtls/cmac.h>
#include <mbedtls/gcm.h>
#include <mbedtls/md.h>
#include <mbedtls/sha512.h>
#include <mbedtls/version.h>

#include "compose.h"
#include "oracle.h"

static const char *version(void)
{
    static char text[18]; /* as long as the library says */
    mbedtls_version_get_string_full(text);
    return text;
}

static bool cmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    const mbedtls_cipher_info_t *aes = mbedtls_cipher_info_from_type(MBEDTLS_CIPHER_AES_128_ECB);
    return aes != NULL && mbedtls_cipher_cmac(aes, key, 128, message, len, tag) == 0;
}

static bool gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message,
                        size_t len)
{
    mbedtls_gcm_context context;
    uint8_t none = 0;
    mbedtls_gcm_init(&context);
    bool ok = mbedtls_gcm_setkey(&context, MBEDTLS_CIPHER_ID_AES, key, 128) == 0 &&
              mbedtls_gcm_crypt_and_tag(&context, MBEDTLS_GCM_ENCRYPT, 0, nonce, 12, message, len, &none, &none, 16,
                                        tag) == 0;
    mbedtls_gcm_free(&context);
    return ok;
}

static bool hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len)
{
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    return sha256 != NULL && mbedtls_md_hmac(sha256, key, key_len, message, len, mac) == 0;
}

static bool sha512(uint8_t digest[64], const uint8_t *message, size_t len)
{
    return mbedtls_sha512_ret(message, len, digest, 0) == 0; /* 0: not SHA-384 */
}

static bool kdf_sp800_108(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len)
{
    return compose_kdf_sp800_108(hmac_sha256, out, out_len, key, key_len, label, label_len, context, context_len);
}

const struct oracle csign_oracle = {
    .interface = ORACLE_INTERFACE,
    .name = "mbedtls",
    .version = version,
    .composed = ORACLE_BIT(ORACLE_KDF_SP800_108),
    .cmac_aes128 = cmac_aes128,
    .gmac_aes128 = gmac_aes128,
    .hmac_sha256 = hmac_sha256,
    .sha512 = sha512,
    .kdf_sp800_108 = kdf_sp800_108,
};
