/* SPDX-License-Identifier: Apache-2.0 */
/* wolfSSL's wolfCrypt. wc_CmacFinal wipes its context, so a ready CMAC key is a context that is copied for each message. GMAC and
   HMAC contexts keep their key; HMAC hashes its pads again for each message, and there is no public call that would not. */
#define PEER_ADAPTER
#include <wolfssl/options.h> /* first: how the library was configured */

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/cmac.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/hmac.h>

#include "../peer.h"

static const char *start(unsigned without)
{
    (void)without;
    return wolfSSL_lib_version();
}

static void *zeroed(size_t size)
{
    size = (size + 63) / 64 * 64;
    void *memory = aligned_alloc(64, size);
    return memory == NULL ? NULL : memset(memory, 0, size);
}

static void *cmac_new(void)
{
    return zeroed(sizeof(Cmac));
}

static bool cmac_set(void *key, const uint8_t *raw, size_t len)
{
    return wc_InitCmac(key, raw, (word32)len, WC_CMAC_AES, NULL) == 0;
}

static bool cmac(const struct peer_message *m)
{
    Cmac state = *(const Cmac *)m->key;
    word32 written = 16;
    return wc_CmacUpdate(&state, m->data, (word32)m->len) == 0 && wc_CmacFinal(&state, m->tag, &written) == 0;
}

static void *gmac_new(void)
{
    Gmac *key = zeroed(sizeof *key);
    return key != NULL && wc_AesInit(&key->aes, NULL, INVALID_DEVID) == 0 ? key : NULL;
}

static bool gmac_set(void *key, const uint8_t *raw, size_t len)
{
    return wc_GmacSetKey(key, raw, (word32)len) == 0;
}

static void gmac_free(void *key)
{
    wc_AesFree(&((Gmac *)key)->aes);
    free(key);
}

static bool gmac(const struct peer_message *m)
{
    return wc_GmacUpdate(m->key, m->nonce, 12, m->data, (word32)m->len, m->tag, 16) == 0;
}

static void *hmac_new(void)
{
    Hmac *key = zeroed(sizeof *key);
    return key != NULL && wc_HmacInit(key, NULL, INVALID_DEVID) == 0 ? key : NULL;
}

static bool hmac_set(void *key, const uint8_t *raw, size_t len)
{
    return wc_HmacSetKey(key, WC_SHA256, raw, (word32)len) == 0;
}

static void hmac_free(void *key)
{
    wc_HmacFree(key);
    free(key);
}

static bool hmac(const struct peer_message *m)
{
    return wc_HmacUpdate(m->key, m->data, (word32)m->len) == 0 && wc_HmacFinal(m->key, m->tag) == 0;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    return wc_Sha512Hash(data, (word32)len, digest) == 0;
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "wolfssl",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"copy of a Cmac, wc_CmacUpdate, _Final", cmac_new, cmac_set, free, cmac, 0, NULL},
            [PEER_AES_GMAC] = {"wc_GmacUpdate", gmac_new, gmac_set, gmac_free, gmac, 0, NULL},
            [PEER_HMAC_SHA256] = {"wc_HmacUpdate, _Final", hmac_new, hmac_set, hmac_free, hmac, 0, NULL},
        },
    .sha512_how = "wc_Sha512Hash",
    .sha512 = sha512,
};
