/* SPDX-License-Identifier: Apache-2.0 */
/* See backend_ask.h. */
#include "backend_ask.h"

#include <string.h>

typedef union any_key {
    csign_cmac_key cmac;
    csign_gmac_key gmac;
    csign_hmac_key hmac;
} any_key;

static void make_key(const csign_backend *b, csign_primitive primitive, const backend_question *q, any_key *out)
{
    if (primitive == CSIGN_CMAC)
        b->cmac_key(&out->cmac, q->key);
    else if (primitive == CSIGN_GMAC)
        b->gmac_key(&out->gmac, q->key);
    else
        b->hmac_key(&out->hmac, q->hmac_key);
}

static void sha512(const csign_backend *b, const csign_message *message, uint8_t *digest)
{
    csign_sha512_stream stream;
    csign_sha512_start(&stream, b->sha512_blocks);
    if (message->header)
        csign_sha512_update(&stream, (csign_bytes){message->header, MESSAGE_HEADER});
    for (size_t i = 0; i < message->part_count; i++)
        csign_sha512_update(&stream, message->parts[i]);
    csign_sha512_finish(&stream, digest);
}

size_t backend_ask(const csign_backend *b, csign_primitive primitive, const backend_question *q, uint8_t *answer)
{
    any_key key;
    if (!csign_backend_has(b, primitive))
        return 0;
    if (primitive != CSIGN_SHA512)
        make_key(b, primitive, q, &key);
    switch (primitive) {
    case CSIGN_CMAC:
        b->cmac(&key.cmac, answer, &q->message);
        return 16;
    case CSIGN_GMAC:
        b->gmac(&key.gmac, answer, csign_nonce_load(q->nonce), &q->message);
        return 16;
    case CSIGN_HMAC:
        b->hmac(&key.hmac, answer, &q->message);
        return 32;
    default:
        sha512(b, &q->message, answer);
        return 64;
    }
}

static size_t message_len(const csign_message *message)
{
    size_t len = message->header ? MESSAGE_HEADER : 0;
    for (size_t i = 0; i < message->part_count; i++)
        len += message->parts[i].len;
    return len;
}

static bool same_keys(const backend_question *a, const backend_question *b)
{
    return !memcmp(a->key, b->key, sizeof a->key) && a->hmac_key.data == b->hmac_key.data &&
           a->hmac_key.len == b->hmac_key.len;
}

bool backend_ask_batch(const csign_backend *b, csign_primitive primitive, const backend_question *questions,
                       size_t count, uint8_t answers[][32])
{
    static any_key keys[BACKEND_BATCH_MAX];
    static csign_mac_job jobs[BACKEND_BATCH_MAX];
    csign_mac_job *list[BACKEND_BATCH_MAX];
    void (*const batches[])(csign_mac_job *const *, size_t) = {b->cmac_batch, b->gmac_batch, b->hmac_batch, NULL};
    if (!csign_backend_has(b, primitive) || !batches[primitive])
        return false;
    for (size_t i = 0, made = 0; i < count; i++) {
        if (i == 0 || !same_keys(&questions[i], &questions[made])) {
            made = i;
            make_key(b, primitive, &questions[i], &keys[i]);
        }
        jobs[i] = (csign_mac_job){.key = &keys[made],
                                  .message = questions[i].message,
                                  .len = message_len(&questions[i].message),
                                  .nonce = csign_nonce_load(questions[i].nonce)};
        list[i] = &jobs[i];
    }
    batches[primitive](list, count);
    for (size_t i = 0; i < count; i++)
        memcpy(answers[i], jobs[i].mac, 32);
    return true;
}
