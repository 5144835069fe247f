/* SPDX-License-Identifier: Apache-2.0 */
/* nettle: its own CMAC, HMAC and SHA-512; GMAC is its AES-128-GCM with additional data alone, which SP 800-38D section 3 defines
   GMAC to be. Its contexts are plain structs, so nothing outlives a call. It has no SP 800-108: composed of its HMAC. */
#define ORACLE_ADAPTER
#include <nettle/cmac.h>
#include <nettle/gcm.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <nettle/version.h>
#include <stdio.h>

#include "compose.h"
#include "oracle.h"

static const char *version(void)
{
    static char text[32];
    snprintf(text, sizeof text, "nettle %d.%d", nettle_version_major(), nettle_version_minor());
    return text;
}

static bool cmac(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    struct cmac_aes128_ctx context;
    cmac_aes128_set_key(&context, key);
    cmac_aes128_update(&context, len, message);
    cmac_aes128_digest(&context, 16, tag);
    return true;
}

static bool gmac(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message, size_t len)
{
    struct gcm_aes128_ctx context;
    gcm_aes128_set_key(&context, key);
    gcm_aes128_set_iv(&context, 12, nonce);
    gcm_aes128_update(&context, len, message);
    gcm_aes128_digest(&context, 16, tag);
    return true;
}

static bool hmac(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len)
{
    struct hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, key_len, key);
    hmac_sha256_update(&context, len, message);
    hmac_sha256_digest(&context, 32, mac);
    return true;
}

static bool sha512(uint8_t digest[64], const uint8_t *message, size_t len)
{
    struct sha512_ctx context;
    sha512_init(&context);
    sha512_update(&context, len, message);
    sha512_digest(&context, 64, digest);
    return true;
}

static bool kdf(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                size_t label_len, const uint8_t *context, size_t context_len)
{
    return compose_kdf_sp800_108(hmac, out, out_len, key, key_len, label, label_len, context, context_len);
}

const struct oracle csign_oracle = {
    .interface = ORACLE_INTERFACE,
    .name = "nettle",
    .version = version,
    .composed = ORACLE_BIT(ORACLE_KDF_SP800_108),
    .cmac_aes128 = cmac,
    .gmac_aes128 = gmac,
    .hmac_sha256 = hmac,
    .sha512 = sha512,
    .kdf_sp800_108 = kdf,
};
