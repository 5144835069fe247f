/* SPDX-License-Identifier: Apache-2.0 */
/* GnuTLS, through its MAC and hash interface. CMAC and GMAC it computes with nettle (isolation_test sees the calls); its SHA-2 is
   OpenSSL's assembly where the processor has SSSE3, and MATRIX.json counts those cells there. No SP 800-108: composed. */
#define ORACLE_ADAPTER
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "compose.h"
#include "oracle.h"

static const char *version(void)
{
    return gnutls_check_version(NULL);
}

static bool cmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    return gnutls_hmac_fast(GNUTLS_MAC_AES_CMAC_128, key, 16, message, len, tag) == 0;
}

static bool gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message,
                        size_t len)
{
    gnutls_hmac_hd_t handle;
    if (gnutls_hmac_init(&handle, GNUTLS_MAC_AES_GMAC_128, key, 16) != 0)
        return false;
    gnutls_hmac_set_nonce(handle, nonce, 12);
    bool ok = gnutls_hmac(handle, message, len) == 0;
    gnutls_hmac_deinit(handle, tag); /* gives the tag */
    return ok;
}

static bool hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len)
{
    return gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, key_len, message, len, mac) == 0;
}

static bool sha512(uint8_t digest[64], const uint8_t *message, size_t len)
{
    return gnutls_hash_fast(GNUTLS_DIG_SHA512, message, len, digest) == 0;
}

static bool kdf_sp800_108(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len)
{
    return compose_kdf_sp800_108(hmac_sha256, out, out_len, key, key_len, label, label_len, context, context_len);
}

const struct oracle csign_oracle = {
    .interface = ORACLE_INTERFACE,
    .name = "gnutls",
    .version = version,
    .composed = ORACLE_BIT(ORACLE_KDF_SP800_108),
    .cmac_aes128 = cmac_aes128,
    .gmac_aes128 = gmac_aes128,
    .hmac_sha256 = hmac_sha256,
    .sha512 = sha512,
    .kdf_sp800_108 = kdf_sp800_108,
};
