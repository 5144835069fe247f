/* SPDX-License-Identifier: Apache-2.0 */
/* libgcrypt, through gcry_mac for CMAC, GMAC and HMAC and gcry_md for SHA-512. A handle lives for one call, so that no call sees
   what another left. gcry_kdf (1.10) has no SP 800-108: composed of its HMAC. */
#define ORACLE_ADAPTER
#include <gcrypt.h>

#include "compose.h"
#include "oracle.h"

/* The library wants to be told first that it may start; without secure memory, which would lock pages. */
static bool ready(void)
{
    static bool done;
    if (!done) {
        done = gcry_check_version(GCRYPT_VERSION) != NULL && gcry_control(GCRYCTL_DISABLE_SECMEM, 0) == 0 &&
               gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0) == 0;
    }
    return done;
}

static const char *version(void)
{
    return gcry_check_version(NULL);
}

/* nonce is NULL if the algorithm has none. */
static bool one_mac(int algorithm, uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len,
                    const uint8_t *nonce, const uint8_t *message, size_t len)
{
    gcry_mac_hd_t handle;
    size_t written = out_len;
    if (!ready() || gcry_mac_open(&handle, algorithm, 0, NULL) != 0)
        return false;
    bool ok = gcry_mac_setkey(handle, key, key_len) == 0 && (nonce == NULL || gcry_mac_setiv(handle, nonce, 12) == 0) &&
              gcry_mac_write(handle, message, len) == 0 && gcry_mac_read(handle, out, &written) == 0 &&
              written == out_len;
    gcry_mac_close(handle);
    return ok;
}

static bool cmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    return one_mac(GCRY_MAC_CMAC_AES, tag, 16, key, 16, NULL, message, len);
}

static bool gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message,
                        size_t len)
{
    return one_mac(GCRY_MAC_GMAC_AES, tag, 16, key, 16, nonce, message, len);
}

static bool hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len)
{
    return one_mac(GCRY_MAC_HMAC_SHA256, mac, 32, key, key_len, NULL, message, len);
}

static bool sha512(uint8_t digest[64], const uint8_t *message, size_t len)
{
    if (!ready() || gcry_md_test_algo(GCRY_MD_SHA512) != 0)
        return false;
    gcry_md_hash_buffer(GCRY_MD_SHA512, digest, message, len);
    return true;
}

static bool kdf_sp800_108(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len)
{
    return compose_kdf_sp800_108(hmac_sha256, out, out_len, key, key_len, label, label_len, context, context_len);
}

const struct oracle csign_oracle = {
    .interface = ORACLE_INTERFACE,
    .name = "libgcrypt",
    .version = version,
    .composed = ORACLE_BIT(ORACLE_KDF_SP800_108),
    .cmac_aes128 = cmac_aes128,
    .gmac_aes128 = gmac_aes128,
    .hmac_sha256 = hmac_sha256,
    .sha512 = sha512,
    .kdf_sp800_108 = kdf_sp800_108,
};
