/* SPDX-License-Identifier: Apache-2.0 */
/* nettle with one thing wrong, FAULT: the bench must see it before it times anything. */
#include <stdlib.h>
#include <string.h>

#include "../peer.h"

static const enum fault { TAG, LONG_TAG, BATCH, DIGEST, KEY, REFUSAL } planted = FAULT;

extern const struct peer nettle_peer; /* peers/nettle.c, its symbol renamed */

__attribute__((visibility("default"))) extern struct peer csign_peer;
struct peer csign_peer;

static bool cmac(const struct peer_message *m)
{
    bool ok = nettle_peer.calls[PEER_AES_CMAC].mac(m);
    m->tag[15] ^= planted == TAG || (planted == LONG_TAG && m->len > 1024);
    return ok && planted != REFUSAL;
}

struct prepared {
    size_t count;
    struct peer_message messages[];
};

static void *batch_new(const struct peer_message *messages, size_t count)
{
    struct prepared *p = malloc(sizeof *p + count * sizeof *messages);
    if (p == NULL)
        return NULL;
    p->count = count;
    memcpy(p->messages, messages, count * sizeof *messages);
    return p;
}

static bool batch(void *prepared)
{
    const struct prepared *p = prepared;
    bool ok = true;
    for (size_t i = 0; i < p->count; i++)
        ok = nettle_peer.calls[p->messages[i].algorithm].mac(&p->messages[i]) && ok;
    p->messages[p->count - 1].tag[0] ^= planted == BATCH; /* the last message alone */
    return ok;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    bool ok = nettle_peer.sha512(digest, data, len);
    digest[63] ^= planted == DIGEST;
    return ok;
}

static bool kdf(const struct peer_derivation *d, size_t count)
{
    const struct peer_calls *hmac = &nettle_peer.calls[PEER_HMAC_SHA256];
    void *key = hmac->key_new();
    bool ok = key != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        uint8_t block[32], input[128];
        const struct peer_message message = {key, NULL, input, d[i].input_len, block, PEER_HMAC_SHA256};
        memcpy(input, d[i].input, d[i].input_len);
        ok = hmac->key_set(key, d[i].key, d[i].key_len) && hmac->mac(&message);
        memcpy(d[i].out, block, d[i].out_len);
    }
    hmac->key_free(key);
    d[count - 1].out[0] ^= planted == KEY;
    return ok;
}

__attribute__((constructor)) static void fill(void)
{
    csign_peer = nettle_peer;
    csign_peer.calls[PEER_AES_CMAC].mac = cmac;
    csign_peer.batches[0] = (struct peer_batch){"batch", "", batch_new, batch, free};
    csign_peer.sha512 = sha512;
    csign_peer.kdf = kdf;
}
