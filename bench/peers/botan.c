/* SPDX-License-Identifier: Apache-2.0 */
/* Botan 2, through its C interface: what its C++ classes do behind one check of the handle. botan_mac_final leaves a ready key. The
   C interface cannot give GMAC a nonce before Botan 3, so GMAC is AES-128/GCM with additional data alone. */
#define PEER_ADAPTER
#include <botan/ffi.h>
#include <stdio.h>

#include "../peer.h"

static const char *start(unsigned without)
{
    (void)without;
    static char text[32];
    snprintf(text, sizeof text, "%u.%u.%u", botan_version_major(), botan_version_minor(), botan_version_patch());
    return text;
}

static void *mac_new(const char *name)
{
    botan_mac_t key;
    return botan_mac_init(&key, name, 0) == 0 ? key : NULL;
}

static void *cmac_new(void)
{
    return mac_new("CMAC(AES-128)");
}

static void *hmac_new(void)
{
    return mac_new("HMAC(SHA-256)");
}

static bool mac_set(void *key, const uint8_t *raw, size_t len)
{
    return botan_mac_set_key(key, raw, len) == 0;
}

static void mac_free(void *key)
{
    botan_mac_destroy(key);
}

static bool mac(const struct peer_message *m)
{
    return botan_mac_update(m->key, m->data, m->len) == 0 && botan_mac_final(m->key, m->tag) == 0;
}

static void *gmac_new(void)
{
    botan_cipher_t key;
    return botan_cipher_init(&key, "AES-128/GCM", BOTAN_CIPHER_INIT_FLAG_ENCRYPT) == 0 ? key : NULL;
}

static bool gmac_set(void *key, const uint8_t *raw, size_t len)
{
    return botan_cipher_set_key(key, raw, len) == 0;
}

static void gmac_free(void *key)
{
    botan_cipher_destroy(key);
}

static bool gmac(const struct peer_message *m)
{
    const uint8_t none = 0;
    size_t written, consumed;
    return botan_cipher_set_associated_data(m->key, m->data, m->len) == 0 &&
           botan_cipher_start(m->key, m->nonce, 12) == 0 &&
           botan_cipher_update(m->key, BOTAN_CIPHER_UPDATE_FLAG_FINAL, m->tag, 16, &written, &none, 0, &consumed) == 0;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    static botan_hash_t hash;
    return (hash != NULL || botan_hash_init(&hash, "SHA-512", 0) == 0) && botan_hash_update(hash, data, len) == 0 &&
           botan_hash_final(hash, digest) == 0;
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "botan",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"botan_mac_update, _final", cmac_new, mac_set, mac_free, mac, 0, NULL},
            [PEER_AES_GMAC] = {"botan_cipher_set_associated_data, _start, _update", gmac_new, gmac_set, gmac_free, gmac,
                               0, NULL},
            [PEER_HMAC_SHA256] = {"botan_mac_update, _final", hmac_new, mac_set, mac_free, mac, 0, NULL},
        },
    .sha512_how = "botan_hash_update, _final",
    .sha512 = sha512,
};
