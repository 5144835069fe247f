/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-512, alone and as a step of the preauthentication chain: H = SHA-512(H || message), where peers get the two joined. */
#include <countersign/countersign.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "negotiate_sample.h"
#include "peers/countersign.h"

struct hash {
    const struct peer *peer;
    uint8_t digest[64];
    size_t len;
    uint8_t data[];
};

static bool sha512_run(void *opaque, uint64_t times)
{
    struct hash *s = opaque;
    bool ok = true;
    for (uint64_t i = 0; i < times; i++)
        ok &= s->peer->sha512(s->digest, s->data, s->len);
    return ok;
}

static bool chain_run(void *opaque, uint64_t times)
{
    struct hash *s = opaque;
    const csign_bytes message = {s->data + 64, s->len - 64};
    for (uint64_t i = 0; i < times; i++) {
        csign_preauth chain;
        csign_preauth_init(&chain);
        csign_preauth_update(&chain, message);
        memcpy(s->digest, chain.value, 64);
    }
    return true;
}

static bool sha512_answer(void *opaque, uint8_t *out)
{
    bool ok = sha512_run(opaque, 1);
    memcpy(out, ((struct hash *)opaque)->digest, 64);
    return ok;
}

static bool chain_answer(void *opaque, uint8_t *out)
{
    bool ok = chain_run(opaque, 1);
    memcpy(out, ((struct hash *)opaque)->digest, 64);
    return ok;
}

/* Behind `zeros` zero bytes, the chain's start. */
static struct hash *hash_new(const struct peer *peer, size_t zeros, const uint8_t *data, size_t len)
{
    struct hash *s = calloc(1, sizeof *s + zeros + len);
    if (s == NULL)
        return NULL;
    s->peer = peer;
    s->len = zeros + len;
    memcpy(s->data + zeros, data, len);
    return s;
}

static bool add(struct cell *cell, const struct peer *peer, size_t zeros, const uint8_t *data, size_t len)
{
    bool chain = zeros && peer == &countersign_sign;
    const struct contender c = {.peer = peer,
                                .form = chain ? "preauth" : "sha512",
                                .run = chain ? chain_run : sha512_run,
                                .answer = chain ? chain_answer : sha512_answer,
                                .free = free,
                                .state = hash_new(peer, zeros, data, len)};
    return cell_add(cell, c);
}

static bool build(struct cell *cell, size_t zeros, const uint8_t *data, size_t len)
{
    cell->answer_len = 64;
    bool ok = add(cell, &countersign_sign, zeros, data, len);
    for (size_t i = 0; ok && i < PEER_COUNT; i++)
        if (peers[i].peer && peers[i].peer->sha512)
            ok = add(cell, peers[i].peer, zeros, data, len);
    return ok;
}

bool build_sha512(struct cell *cell, const struct plan *plan)
{
    uint8_t data[1024];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(7 * i + 1);
    return plan->len <= sizeof data && build(cell, 0, data, plan->len);
}

bool build_preauth(struct cell *cell, const struct plan *plan)
{
    const csign_bytes request = negotiate_sample();
    (void)plan;
    return request.len > 0 && build(cell, 64, request.data, request.len);
}
