/* SPDX-License-Identifier: Apache-2.0 */
/* BoringSSL, as Debian packages Android's. CMAC, HMAC and SHA-512 are its own one-shot functions; GMAC is its AES-128-GCM with
   an empty plaintext and the message as additional data, which SP 800-38D section 3 defines GMAC to be. It has no SP 800-108:
   that is composed of its HMAC. */
#define ORACLE_ADAPTER
#include <openssl/aead.h>
#include <openssl/cmac.h>
#include <openssl/base.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "compose.h"
#include "oracle.h"

/* It has no releases; OpenSSL_version() says no more than its name. */
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
static const char *version(void)
{
    return "BoringSSL, API version " TEXT(BORINGSSL_API_VERSION);
}

static bool cmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    return AES_CMAC(tag, key, 16, message, len) == 1;
}

static bool gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message,
                        size_t len)
{
    EVP_AEAD_CTX context;
    size_t tag_len = 0;
    const uint8_t none = 0;
    if (!EVP_AEAD_CTX_init(&context, EVP_aead_aes_128_gcm(), key, 16, 16, NULL))
        return false;
    int ok = EVP_AEAD_CTX_seal(&context, tag, &tag_len, 16, nonce, 12, &none, 0, message, len);
    EVP_AEAD_CTX_cleanup(&context);
    return ok == 1 && tag_len == 16;
}

static bool hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len)
{
    unsigned mac_len = 0;
    return HMAC(EVP_sha256(), key, key_len, message, len, mac, &mac_len) != NULL && mac_len == 32;
}

static bool sha512(uint8_t digest[64], const uint8_t *message, size_t len)
{
    return SHA512(message, len, digest) != NULL;
}

static bool kdf_sp800_108(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len)
{
    return compose_kdf_sp800_108(hmac_sha256, out, out_len, key, key_len, label, label_len, context, context_len);
}

const struct oracle csign_oracle = {
    .interface = ORACLE_INTERFACE,
    .name = "boringssl",
    .version = version,
    .composed = ORACLE_BIT(ORACLE_KDF_SP800_108),
    .cmac_aes128 = cmac_aes128,
    .gmac_aes128 = gmac_aes128,
    .hmac_sha256 = hmac_sha256,
    .sha512 = sha512,
    .kdf_sp800_108 = kdf_sp800_108,
};
