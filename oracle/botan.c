/* SPDX-License-Identifier: Apache-2.0 */
/* Botan 2, through its C interface: its own CMAC, HMAC, SHA-512 and SP 800-108. It has a GMAC too, but this interface cannot give
   that a nonce before Botan 3, so GMAC is its AES-128-GCM with additional data alone, which SP 800-38D section 3 defines GMAC to
   be. Its KDF counts from 1 in 32 bits, and joins label, 00, "salt" and the length in bits: the salt is SP 800-108's context. */
#define ORACLE_ADAPTER
#include <botan/ffi.h>

#include "oracle.h"

static const char *version(void)
{
    return botan_version_string();
}

static bool one_mac(const char *name, uint8_t *out, const uint8_t *key, size_t key_len, const uint8_t *message,
                    size_t len)
{
    botan_mac_t mac;
    if (botan_mac_init(&mac, name, 0) != 0)
        return false;
    bool ok = botan_mac_set_key(mac, key, key_len) == 0 && botan_mac_update(mac, message, len) == 0 &&
              botan_mac_final(mac, out) == 0;
    botan_mac_destroy(mac);
    return ok;
}

static bool cmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    return one_mac("CMAC(AES-128)", tag, key, 16, message, len);
}

static bool gmac_aes128(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message,
                        size_t len)
{
    botan_cipher_t gcm;
    const uint8_t none = 0;
    size_t written = 0, consumed = 0;
    if (botan_cipher_init(&gcm, "AES-128/GCM", BOTAN_CIPHER_INIT_FLAG_ENCRYPT) != 0)
        return false;
    bool ok = botan_cipher_set_key(gcm, key, 16) == 0 && botan_cipher_set_associated_data(gcm, message, len) == 0 &&
              botan_cipher_start(gcm, nonce, 12) == 0 &&
              botan_cipher_update(gcm, BOTAN_CIPHER_UPDATE_FLAG_FINAL, tag, 16, &written, &none, 0, &consumed) == 0 &&
              written == 16;
    botan_cipher_destroy(gcm);
    return ok;
}

static bool hmac_sha256(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len)
{
    return one_mac("HMAC(SHA-256)", mac, key, key_len, message, len);
}

static bool sha512(uint8_t digest[64], const uint8_t *message, size_t len)
{
    botan_hash_t hash;
    if (botan_hash_init(&hash, "SHA-512", 0) != 0)
        return false;
    bool ok = botan_hash_update(hash, message, len) == 0 && botan_hash_final(hash, digest) == 0;
    botan_hash_destroy(hash);
    return ok;
}

static bool kdf_sp800_108(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len)
{
    return botan_kdf("SP800-108-Counter(HMAC(SHA-256))", out, out_len, key, key_len, context, context_len, label,
                     label_len) == 0;
}

static const struct oracle_exception exceptions[] = {
    /* Botan sets a limit to what is a key of HMAC; RFC 2104 has none. */
    {ORACLE_HMAC_SHA256, ORACLE_KEY, 4097, SIZE_MAX, ORACLE_NOT_ASKED, "it refuses HMAC keys over 4096 bytes"},
    {ORACLE_KDF_SP800_108, ORACLE_KEY, 4097, SIZE_MAX, ORACLE_NOT_ASKED, "it refuses HMAC keys over 4096 bytes"},
};

const struct oracle csign_oracle = {
    .interface = ORACLE_INTERFACE,
    .name = "botan",
    .version = version,
    .exceptions = exceptions,
    .exception_count = sizeof exceptions / sizeof *exceptions,
    .cmac_aes128 = cmac_aes128,
    .gmac_aes128 = gmac_aes128,
    .hmac_sha256 = hmac_sha256,
    .sha512 = sha512,
    .kdf_sp800_108 = kdf_sp800_108,
};
