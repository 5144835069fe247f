/* SPDX-License-Identifier: Apache-2.0 */
/* The four keys of a session at 3.1.1. */
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "peers/countersign.h"

#define KEYS 4
#define INPUT_MAX 128

/* MS-SMB2 3.1.4.2; the terminating zero belongs to a label. */
static const struct {
    const char *text;
    size_t len;
} labels[KEYS] = {
    {"SMBSigningKey", 14},
    {"SMBAppKey", 10},
    {"SMBC2SCipherKey", 16},
    {"SMBS2CCipherKey", 16},
};

struct derive {
    const struct peer *peer;
    bool (*kdf)(const struct peer_derivation *derivations, size_t count);
    void *hmac; /* of a peer without a KDF */
    struct peer_derivation derivations[KEYS];
    uint8_t session_key[32], preauth[64], input[KEYS][INPUT_MAX], out[KEYS][32];
};

/* SP 800-108 4.1: [1] || label || 00 || context || [8 * out_len]. */
static size_t prf_input(uint8_t out[INPUT_MAX], const struct peer_derivation *d)
{
    static const uint8_t first[4] = {0, 0, 0, 1};
    const uint8_t bits[4] = {0, 0, (uint8_t)(d->out_len >> 5), (uint8_t)(d->out_len << 3)};
    size_t len = 4 + d->label_len + 1 + d->context_len + 4;
    memcpy(out, first, 4);
    memcpy(out + 4, d->label, d->label_len);
    out[4 + d->label_len] = 0;
    memcpy(out + 4 + d->label_len + 1, d->context, d->context_len);
    memcpy(out + len - 4, bits, 4);
    return len;
}

/* By a peer's HMAC: a new pad state only where the key changes. */
static bool by_hmac(struct derive *s)
{
    const struct peer_calls *hmac = &s->peer->calls[PEER_HMAC_SHA256];
    const struct peer_derivation *before = NULL;
    bool ok = true;
    for (size_t i = 0; ok && i < KEYS; i++) {
        struct peer_derivation *d = &s->derivations[i];
        uint8_t block[32];
        const struct peer_message message = {s->hmac, NULL, s->input[i], d->input_len, block, PEER_HMAC_SHA256};
        if (before == NULL || before->key != d->key || before->key_len != d->key_len)
            ok = hmac->key_set(s->hmac, d->key, d->key_len);
        ok = ok && hmac->mac(&message);
        memcpy(d->out, block, d->out_len);
        before = d;
    }
    return ok;
}

static bool derive_run(void *opaque, uint64_t times)
{
    struct derive *s = opaque;
    bool ok = true;
    for (uint64_t i = 0; i < times; i++)
        ok &= s->kdf ? s->kdf(s->derivations, KEYS) : by_hmac(s);
    return ok;
}

static bool derive_answer(void *opaque, uint8_t *out)
{
    struct derive *s = opaque;
    memset(s->out, 0, sizeof s->out);
    bool ok = derive_run(s, 1);
    memcpy(out, s->out, sizeof s->out);
    return ok;
}

static void derive_free(void *opaque)
{
    struct derive *s = opaque;
    if (s->hmac)
        s->peer->calls[PEER_HMAC_SHA256].key_free(s->hmac);
    free(s);
}

/* Cipher keys of cipher_len bytes; 32-byte ones come from the whole session key, the rest from its first 16 bytes. */
static struct derive *derive_new(const struct peer *peer, bool (*kdf)(const struct peer_derivation *, size_t),
                                 size_t cipher_len)
{
    struct derive *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->peer = peer;
    s->kdf = kdf;
    for (size_t i = 0; i < sizeof s->session_key; i++)
        s->session_key[i] = (uint8_t)(17 * i + 3);
    for (size_t i = 0; i < sizeof s->preauth; i++)
        s->preauth[i] = (uint8_t)(29 * i + 5);
    for (size_t i = 0; i < KEYS; i++) {
        size_t len = i < 2 ? 16 : cipher_len;
        s->derivations[i] = (struct peer_derivation){
            .key = s->session_key,
            .key_len = len,
            .label = (const uint8_t *)labels[i].text,
            .label_len = labels[i].len,
            .context = s->preauth,
            .context_len = sizeof s->preauth,
            .input = s->input[i],
            .out = s->out[i],
            .out_len = len,
            .purpose = (int)i,
        };
        s->derivations[i].input_len = prf_input(s->input[i], &s->derivations[i]);
    }
    if (kdf == NULL && (s->hmac = peer->calls[PEER_HMAC_SHA256].key_new()) == NULL) {
        free(s);
        return NULL;
    }
    return s;
}

static bool add_derive(struct cell *cell, const struct peer *peer, const char *form,
                       bool (*kdf)(const struct peer_derivation *, size_t))
{
    const struct contender c = {peer,          form,        derive_run,
                                derive_answer, derive_free, derive_new(peer, kdf, cell->plan->len)};
    return cell_add(cell, c);
}

bool build_keys(struct cell *cell, const struct plan *plan)
{
    (void)plan;
    cell->answer_len = sizeof((struct derive *)0)->out;
    bool ok = add_derive(cell, &countersign_sign, "keys", countersign_sign.kdf) &&
              add_derive(cell, &countersign_sign, "together", countersign_keys) &&
              add_derive(cell, &countersign_sign, "session", countersign_session);
    for (size_t i = 0; ok && i < PEER_COUNT; i++)
        if (peers[i].peer)
            ok = add_derive(cell, peers[i].peer, "keys", peers[i].peer->kdf);
    return ok;
}
