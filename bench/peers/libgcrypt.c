/* SPDX-License-Identifier: Apache-2.0 */
/* libgcrypt: gcry_mac handles, opened and keyed once, reset for each message. GMAC also exists as gcry_cipher's GCM with additional
   data alone; gcry_mac is a thin layer over that. */
#define PEER_ADAPTER
#include <gcrypt.h>

#include "../peer.h"

/* The library wants to be told first that it may start; without secure memory, which would lock pages. */
static const char *start(unsigned without)
{
    if (without)
        gcry_control(GCRYCTL_DISABLE_HWF, "intel-vaes-vpclmul", NULL);
    if (without & PEER_AVX2)
        gcry_control(GCRYCTL_DISABLE_HWF, "intel-avx2", NULL);
    const char *text = gcry_check_version(GCRYPT_VERSION);
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return text;
}

static void *open_mac(int algorithm)
{
    gcry_mac_hd_t handle;
    return gcry_mac_open(&handle, algorithm, 0, NULL) == 0 ? handle : NULL;
}

static void *cmac_new(void)
{
    return open_mac(GCRY_MAC_CMAC_AES);
}

static void *gmac_new(void)
{
    return open_mac(GCRY_MAC_GMAC_AES);
}

static void *hmac_new(void)
{
    return open_mac(GCRY_MAC_HMAC_SHA256);
}

static bool set(void *key, const uint8_t *raw, size_t len)
{
    return gcry_mac_setkey(key, raw, len) == 0;
}

static void close_mac(void *key)
{
    gcry_mac_close(key);
}

/* setkey leaves a fresh state, and so does reset behind each message. */
static bool mac(const struct peer_message *m)
{
    size_t written = m->algorithm == PEER_HMAC_SHA256 ? 32 : 16;
    return gcry_mac_write(m->key, m->data, m->len) == 0 && gcry_mac_read(m->key, m->tag, &written) == 0 &&
           gcry_mac_reset(m->key) == 0;
}

static bool gmac(const struct peer_message *m)
{
    size_t written = 16;
    return gcry_mac_setiv(m->key, m->nonce, 12) == 0 && gcry_mac_write(m->key, m->data, m->len) == 0 &&
           gcry_mac_read(m->key, m->tag, &written) == 0;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    gcry_md_hash_buffer(GCRY_MD_SHA512, digest, data, len);
    return true;
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "libgcrypt",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"gcry_mac_write, _read, _reset", cmac_new, set, close_mac, mac, 0, NULL},
            [PEER_AES_GMAC] = {"gcry_mac_setiv, _write, _read", gmac_new, set, close_mac, gmac, 0, NULL},
            [PEER_HMAC_SHA256] = {"gcry_mac_write, _read, _reset", hmac_new, set, close_mac, mac, 0, NULL},
        },
    .sha512_how = "gcry_md_hash_buffer",
    .sha512 = sha512,
};
