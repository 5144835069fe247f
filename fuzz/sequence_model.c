/* SPDX-License-Identifier: Apache-2.0 */
/* See sequence_model.h. Nothing here remembers a hash or a key of the library: chains are computed anew from their messages. */
#include "sequence_model.h"

#include <stdlib.h>

world *world_new(void)
{
    world *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    return w;
}

void world_free(world *w)
{
    for (size_t i = 0; i < w->message_count; i++)
        free((void *)(uintptr_t)w->messages[i].data);
    free(w);
}

void hashed_add(hashed *h, world *w, csign_bytes message)
{
    if (w->message_count == MESSAGES_MAX || h->count == HASHED_MAX)
        abort(); /* the limits of sequence.c are wrong */
    w->messages[w->message_count] = (csign_bytes){fuzz_copy(message), message.len};
    h->which[h->count++] = w->message_count++;
}

void hashed_value(uint8_t out[64], const hashed *h, const world *w)
{
    memset(out, 0, 64);
    for (size_t i = 0; i < h->count; i++)
        model_preauth_step(out, w->messages[h->which[i]]);
}

static void check_chain(const csign_preauth *chain, const hashed *h, const world *w)
{
    uint8_t expected[64];
    hashed_value(expected, h, w);
    CHECK(!memcmp(chain->value, expected, 64), "a chain is the hash of its own messages, in order");
    fuzz_outcome(chain->value, 64);
}

void world_check(const world *w)
{
    static const uint8_t header[64] = {0xFE, 'S', 'M', 'B', 64, [12] = 13, [16] = 1, [24] = 7, [40] = 1};
    static const char zeros[] = "a session or channel that is wiped or refused is zeros";
    for (unsigned i = 0; i < CONNECTIONS; i++)
        if (w->connections[i].alive)
            check_chain(&w->connections[i].chain, &w->connections[i].messages, w);
    for (unsigned i = 0; i < SETUPS; i++)
        if (w->setups[i].alive)
            check_chain(&w->setups[i].chain, &w->setups[i].messages, w);
    for (unsigned i = 0; i < SESSIONS; i++) {
        const session *s = &w->sessions[i];
        if (s->alive)
            model_session_check(&s->library, &s->expected, header);
        else
            CHECK(fuzz_all(&s->library, sizeof s->library, 0), zeros);
    }
    for (unsigned i = 0; i < CHANNELS; i++) {
        const channel *c = &w->channels[i];
        if (c->alive) {
            CHECK(c->library.signing.len == 16 && !memcmp(c->library.signing.bytes, c->key, 16),
                  "a channel has the key of its own authentication");
            model_signer_check(&c->library.signer, c->algorithm, c->key, header);
        } else {
            CHECK(fuzz_all(&c->library, sizeof c->library, 0), zeros);
        }
    }
}
