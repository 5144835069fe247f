/* SPDX-License-Identifier: Apache-2.0 */
/* BoringSSL, as Debian packages Android's. CMAC, HMAC and SHA-512 are its own one-shot functions; GMAC is its AES-128-GCM with
   an empty plaintext and the message as additional data, which SP 800-38D section 3 defines GMAC to be. It has no SP 800-108:
   that is composed here of its HMAC, from the standard's section 4.1. */
#define ORACLE_ADAPTER
#include <openssl/aead.h>
#include <openssl/cmac.h>
#include <openssl/base.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>

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

static void put_be32(uint8_t out[4], size_t value)
{
    for (unsigned i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* One iteration of step 4: K(i) = PRF(KI, [i] || Label || 00 || Context || [L]). */
static bool kdf_block(HMAC_CTX *hmac, uint8_t block[32], size_t i, const uint8_t *label, size_t label_len,
                      const uint8_t *context, size_t context_len, size_t bits)
{
    uint8_t counter[4], length[4];
    const uint8_t separator = 0;
    unsigned block_len = 0;
    put_be32(counter, i);
    put_be32(length, bits);
    /* A NULL key and digest: start again under the key given before. */
    return HMAC_Init_ex(hmac, NULL, 0, NULL, NULL) && HMAC_Update(hmac, counter, 4) &&
           HMAC_Update(hmac, label, label_len) && HMAC_Update(hmac, &separator, 1) &&
           HMAC_Update(hmac, context, context_len) && HMAC_Update(hmac, length, 4) &&
           HMAC_Final(hmac, block, &block_len) && block_len == 32;
}

static bool kdf_sp800_108(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len)
{
    HMAC_CTX hmac;
    HMAC_CTX_init(&hmac);
    bool ok = HMAC_Init_ex(&hmac, key, key_len, EVP_sha256(), NULL) == 1;
    size_t done = 0;
    for (size_t i = 1; ok && done < out_len; i++) {
        uint8_t block[32];
        ok = kdf_block(&hmac, block, i, label, label_len, context, context_len, 8 * out_len);
        size_t take = out_len - done < sizeof block ? out_len - done : sizeof block;
        if (ok)
            memcpy(out + done, block, take);
        done += take;
    }
    HMAC_CTX_cleanup(&hmac);
    return ok;
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
