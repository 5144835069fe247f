/* SPDX-License-Identifier: Apache-2.0 */
/* wolfSSL's wolfCrypt: its own CMAC, GMAC, HMAC and SHA-512. Its kdf.h knows HKDF, TLS's and SSH's, not SP 800-108: composed of
   its HMAC. */
#define ORACLE_ADAPTER
#include <wolfssl/options.h> /* first: how the library was configured */

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/cmac.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/hmac.h>

#include "compose.h"
#include "oracle.h"

static const char *version(void)
{
    return wolfSSL_lib_version();
}

static bool cmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    word32 tag_len = 16;
    return wc_AesCmacGenerate(tag, &tag_len, message, (word32)len, key, 16) == 0 && tag_len == 16;
}

static bool gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message,
                        size_t len)
{
    Gmac gmac;
    if (wc_AesInit(&gmac.aes, NULL, INVALID_DEVID) != 0)
        return false;
    bool ok = wc_GmacSetKey(&gmac, key, 16) == 0 && wc_GmacUpdate(&gmac, nonce, 12, message, (word32)len, tag, 16) == 0;
    wc_AesFree(&gmac.aes);
    return ok;
}

static bool hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len)
{
    Hmac hmac;
    if (len > UINT32_MAX || key_len > UINT32_MAX || wc_HmacInit(&hmac, NULL, INVALID_DEVID) != 0)
        return false;
    bool ok = wc_HmacSetKey(&hmac, WC_SHA256, key, (word32)key_len) == 0 &&
              wc_HmacUpdate(&hmac, message, (word32)len) == 0 && wc_HmacFinal(&hmac, mac) == 0;
    wc_HmacFree(&hmac);
    return ok;
}

static bool sha512(uint8_t digest[64], const uint8_t *message, size_t len)
{
    return wc_Sha512Hash(message, (word32)len, digest) == 0;
}

static bool kdf_sp800_108(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len)
{
    return compose_kdf_sp800_108(hmac_sha256, out, out_len, key, key_len, label, label_len, context, context_len);
}

static const struct oracle_exception exceptions[] = {
    /* word32 is 32 bits wide: a longer message would be cut. */
    {ORACLE_OPERATIONS, ORACLE_MESSAGE, UINT32_MAX, SIZE_MAX, ORACLE_NOT_ASKED, "its lengths have 32 bits"},
};

const struct oracle csign_oracle = {
    .interface = ORACLE_INTERFACE,
    .name = "wolfssl",
    .version = version,
    .composed = ORACLE_BIT(ORACLE_KDF_SP800_108),
    .exceptions = exceptions,
    .exception_count = sizeof exceptions / sizeof *exceptions,
    .cmac_aes128 = cmac_aes128,
    .gmac_aes128 = gmac_aes128,
    .hmac_sha256 = hmac_sha256,
    .sha512 = sha512,
    .kdf_sp800_108 = kdf_sp800_108,
};
