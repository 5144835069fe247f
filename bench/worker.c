/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include <stdlib.h>
#include <string.h>

/* The ready key of an algorithm and an index, made at its first use. */
static void *ready_key(struct worker *w, enum peer_algorithm algorithm, size_t key)
{
    void **slot = &w->keys[algorithm][key];
    const struct peer_calls *calls = &w->peer->calls[algorithm];
    uint8_t raw[16];
    if (*slot == NULL && (*slot = calls->key_new()) != NULL) {
        messages_raw_key(raw, key);
        if (!calls->key_set(*slot, raw, sizeof raw)) {
            calls->key_free(*slot);
            *slot = NULL;
        }
    }
    return *slot;
}

static bool offers(const struct peer *peer, const struct shape *shape)
{
    const struct peer_calls *calls = &peer->calls[shape->algorithm];
    return calls->mac != NULL && shape->len >= peer->len_least &&
           (calls->len_most == 0 || shape->len <= calls->len_most);
}

struct worker *worker_new(const struct peer *peer, const struct messages *m, const struct peer_batch *batch)
{
    for (size_t i = 0; i < m->count; i++)
        if (!offers(peer, &m->shapes[i]))
            return NULL;
    struct worker *w = calloc(1, sizeof *w);
    if (w == NULL || m->count == 0) {
        free(w);
        return NULL;
    }
    int form = peer->sign_first ? FORM_SIGNED : peer->in_place ? FORM_IN_PLACE : FORM_DETACHED;
    w->peer = peer;
    w->count = m->count;
    w->messages = calloc(m->count, sizeof *w->messages);
    w->tags = calloc(m->count, sizeof *w->tags);
    w->raw = calloc(m->count, sizeof *w->raw);
    bool ok = w->messages != NULL && w->tags != NULL && w->raw != NULL;
    for (size_t i = 0; ok && i < m->count; i++) {
        uint8_t *data = m->data[form][i];
        const struct peer_message message = {
            .key = ready_key(w, m->shapes[i].algorithm, m->shapes[i].key),
            .nonce = m->nonces[i],
            .data = data,
            .len = m->shapes[i].len,
            .tag = peer->in_place ? data + 48 : w->tags[i],
            .algorithm = m->shapes[i].algorithm,
        };
        memcpy(&w->messages[i], &message, sizeof message);
        messages_raw_key(w->raw[i], m->shapes[i].key);
        ok = message.key != NULL && (peer->sign_first == NULL || peer->sign_first(&message));
    }
    if (ok && batch) {
        w->batch = batch;
        ok = (w->prepared = batch->prepare(w->messages, w->count)) != NULL;
    }
    if (!ok) {
        worker_free(w);
        return NULL;
    }
    return w;
}

bool worker_sign(const struct worker *w, size_t i)
{
    return w->peer->calls[w->messages[i].algorithm].mac(&w->messages[i]);
}

bool worker_sign_fresh(const struct worker *w, size_t i)
{
    const struct peer_message *m = &w->messages[i];
    const struct peer_calls *calls = &w->peer->calls[m->algorithm];
    return calls->one_shot ? calls->one_shot(m, w->raw[i]) : calls->key_set(m->key, w->raw[i], 16) && calls->mac(m);
}

/* sign: of one message; NULL: the batch. */
static bool do_all(const struct worker *w, bool (*sign)(const struct worker *, size_t))
{
    bool ok = true;
    if (sign == NULL)
        return w->batch->run(w->prepared);
    for (size_t i = 0; i < w->count; i++)
        ok = sign(w, i) && ok;
    return ok;
}

/* Some messages' tags with one bit turned, one after the other: the whole must refuse each. */
static bool refuses(const struct worker *w, bool (*sign)(const struct worker *, size_t))
{
    bool ok = true;
    for (size_t i = 0; i < w->count; i += 1 + w->count / 3) {
        w->messages[i].tag[i % 16] ^= 1;
        ok = !(sign ? sign(w, i) : w->batch->run(w->prepared)) && ok;
        w->messages[i].tag[i % 16] ^= 1;
    }
    return ok;
}

static bool answer(const struct worker *w, bool (*sign)(const struct worker *, size_t), uint8_t *out)
{
    for (size_t i = 0; !w->peer->sign_first && i < w->count; i++)
        memset(w->messages[i].tag, 0, 16);
    bool ok = do_all(w, sign) && (!w->peer->sign_first || refuses(w, sign));
    for (size_t i = 0; i < w->count; i++)
        memcpy(out + 16 * i, w->messages[i].tag, 16);
    return ok;
}

bool worker_answer(void *w, uint8_t *out)
{
    return answer(w, worker_sign, out);
}

bool worker_fresh_answer(void *w, uint8_t *out)
{
    return answer(w, worker_sign_fresh, out);
}

bool worker_batch_answer(void *w, uint8_t *out)
{
    return answer(w, NULL, out);
}

void worker_free(void *opaque)
{
    struct worker *w = opaque;
    for (int a = 0; a < PEER_ALGORITHMS; a++)
        for (size_t k = 0; k < MESSAGES_KEYS; k++)
            if (w->keys[a][k])
                w->peer->calls[a].key_free(w->keys[a][k]);
    if (w->prepared)
        w->batch->free(w->prepared);
    free(w->messages);
    free(w->tags);
    free(w->raw);
    free(w);
}
