/* SPDX-License-Identifier: Apache-2.0 */
#include "messages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t stride(size_t len)
{
    return (len + 63) / 64 * 64 + 64;
}

static uint64_t xorshift(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

void messages_mixed(struct shape shapes[MIXED_COUNT], enum mix mix)
{
    uint64_t state = 0x2545f4914f6cdd1du;
    for (size_t i = 0; i < MIXED_COUNT; i++) {
        double least = 100, most = 65500, at = (double)(xorshift(&state) >> 11) / 9007199254740992.0;
        shapes[i].len = (size_t)(mix == MIX_UNIFORM ? least + at * (most - least) : least * pow(most / least, at));
        shapes[i].algorithm = (enum peer_algorithm)(i % PEER_ALGORITHMS);
        shapes[i].key = xorshift(&state) >> 32 & 7;
    }
}

/* A WRITE request of an ordinary session, SIGNED, its signature zero. */
static void fill(uint8_t *data, size_t len, uint64_t message_id, uint64_t *state)
{
    static const uint8_t start[] = {0xfe, 'S', 'M', 'B', 64};
    memset(data, 0, 64);
    for (size_t i = 64; i < len; i++)
        data[i] = (uint8_t)xorshift(state);
    memcpy(data, start, sizeof start);
    data[12] = 9;  /* WRITE */
    data[14] = 1;  /* credits */
    data[16] = 8;  /* SIGNED */
    data[36] = 5;  /* TreeId */
    data[40] = 49; /* SessionId */
    for (int i = 0; i < 8; i++)
        data[24 + i] = (uint8_t)(message_id >> (8 * i));
}

struct messages *messages_new(const struct shape *shapes, size_t count)
{
    struct messages *m = calloc(1, sizeof *m);
    size_t size = 0;
    uint64_t state = 0x9e3779b97f4a7c15u;
    if (m == NULL || count == 0) {
        free(m);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        size += stride(shapes[i].len);
    m->count = count;
    m->shapes = calloc(count, sizeof *m->shapes);
    m->nonces = calloc(count, sizeof *m->nonces);
    m->memory = aligned_alloc(4096, (FORMS * size + 4095) / 4096 * 4096);
    for (int form = 0; form < FORMS; form++)
        m->data[form] = calloc(count, sizeof *m->data[form]);
    if (!m->shapes || !m->nonces || !m->memory || !m->data[FORM_DETACHED] || !m->data[FORM_IN_PLACE] ||
        !m->data[FORM_SIGNED]) {
        messages_free(m);
        return NULL;
    }
    memcpy(m->shapes, shapes, count * sizeof *shapes);
    uint8_t *at = m->memory;
    for (size_t i = 0; i < count; i++, at += stride(shapes[i - 1].len)) {
        fill(at, shapes[i].len, 1000 + i, &state);
        memcpy(m->nonces[i], at + 24, 8); /* MessageId; a client's request that is no CANCEL: the rest is zero */
        for (int form = 0; form < FORMS; form++) {
            m->data[form][i] = at + (size_t)form * size;
            memcpy(m->data[form][i], at, form == FORM_DETACHED ? 0 : shapes[i].len);
        }
    }
    return m;
}

void messages_free(void *opaque)
{
    struct messages *m = opaque;
    for (int form = 0; form < FORMS; form++)
        free(m->data[form]);
    free(m->shapes);
    free(m->nonces);
    free(m->memory);
    free(m);
}

void messages_raw_key(uint8_t raw[16], size_t key)
{
    for (size_t i = 0; i < 16; i++)
        raw[i] = (uint8_t)(0x31 + 29 * i + 101 * key + i * key);
}
