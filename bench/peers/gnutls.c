/* SPDX-License-Identifier: Apache-2.0 */
/* GnuTLS: what Samba signs with. A gnutls_hmac handle is keyed once; output resets it. It takes no new key; for one
   message gnutls_hmac_fast is faster than a new handle. Its KDF is the way Samba derives: one gnutls_hmac_init for each derived key. */
#define PEER_ADAPTER
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "../peer.h"

static const char *start(unsigned without)
{
    (void)without;
    return gnutls_check_version(NULL);
}

struct key {
    gnutls_mac_algorithm_t algorithm;
    gnutls_hmac_hd_t handle;
};

static void *key_new(gnutls_mac_algorithm_t algorithm)
{
    struct key *key = calloc(1, sizeof *key);
    if (key)
        key->algorithm = algorithm;
    return key;
}

static void *cmac_new(void)
{
    return key_new(GNUTLS_MAC_AES_CMAC_128);
}

static void *gmac_new(void)
{
    return key_new(GNUTLS_MAC_AES_GMAC_128);
}

static void *hmac_new(void)
{
    return key_new(GNUTLS_MAC_SHA256);
}

static void close_handle(struct key *key)
{
    if (key->handle)
        gnutls_hmac_deinit(key->handle, NULL);
    key->handle = NULL;
}

static bool key_set(void *opaque, const uint8_t *raw, size_t len)
{
    struct key *key = opaque;
    close_handle(key);
    return gnutls_hmac_init(&key->handle, key->algorithm, raw, len) == 0;
}

static void key_free(void *opaque)
{
    close_handle(opaque);
    free(opaque);
}

static bool mac(const struct peer_message *m)
{
    gnutls_hmac_hd_t handle = ((struct key *)m->key)->handle;
    if (gnutls_hmac(handle, m->data, m->len) != 0)
        return false;
    gnutls_hmac_output(handle, m->tag);
    return true;
}

static bool gmac(const struct peer_message *m)
{
    gnutls_hmac_set_nonce(((struct key *)m->key)->handle, m->nonce, 12);
    return mac(m);
}

static bool one_shot(const struct peer_message *m, const uint8_t raw[16])
{
    return gnutls_hmac_fast(((struct key *)m->key)->algorithm, raw, 16, m->data, m->len, m->tag) == 0;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    return gnutls_hash_fast(GNUTLS_DIG_SHA512, data, len, digest) == 0;
}

static bool kdf(const struct peer_derivation *d, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gnutls_hmac_hd_t handle;
        uint8_t block[32];
        if (gnutls_hmac_init(&handle, GNUTLS_MAC_SHA256, d[i].key, d[i].key_len) != 0)
            return false;
        bool ok = gnutls_hmac(handle, d[i].input, d[i].input_len) == 0;
        gnutls_hmac_deinit(handle, block); /* gives the tag */
        if (!ok)
            return false;
        memcpy(d[i].out, block, d[i].out_len);
    }
    return true;
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "gnutls",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"gnutls_hmac, _output", cmac_new, key_set, key_free, mac, 0, one_shot},
            [PEER_AES_GMAC] = {"gnutls_hmac_set_nonce, gnutls_hmac, _output", gmac_new, key_set, key_free, gmac, 0,
                               NULL},
            [PEER_HMAC_SHA256] = {"gnutls_hmac, _output", hmac_new, key_set, key_free, mac, 0, one_shot},
        },
    .sha512_how = "gnutls_hash_fast",
    .sha512 = sha512,
    .kdf_how = "gnutls_hmac_init for each key, as Samba does",
    .kdf = kdf,
};
