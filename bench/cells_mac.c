/* SPDX-License-Identifier: Apache-2.0 */
/* Messages to sign: one after the other with a ready key, each depending on the last, each with a new key, and many in one call. */
#include "peers/countersign.h"
#include "worker.h"

/* Back to back, independent: what a busy server does. */
static bool run_single(void *opaque, uint64_t times)
{
    const struct worker *w = opaque;
    bool ok = true;
    size_t at = 0;
    for (uint64_t i = 0; i < times; i++) {
        ok &= worker_sign(w, at);
        at = at + 1 == w->count ? 0 : at + 1;
    }
    return ok;
}

/* Where the next message lies depends on the tag of the last: nothing of it can start earlier. Through its address, because a tag
   written into the next message would measure how the core forwards a narrow store to a wide load. */
static bool run_latency(void *opaque, uint64_t times)
{
    const struct worker *w = opaque;
    bool ok = true;
    size_t at = 0, zero = 0, next = 0;
    __asm__ volatile("" : "+r"(zero));
    for (uint64_t i = 0; i < times; i++) {
        const struct peer_message *m = &w->messages[at + next];
        struct peer_message moved = *m;
        moved.data = m->data + next;
        ok &= w->peer->calls[m->algorithm].mac(&moved);
        next = moved.tag[0] & zero;
        at = at + 1 == w->count ? 0 : at + 1;
    }
    return ok;
}

static bool run_fresh(void *opaque, uint64_t times)
{
    const struct worker *w = opaque;
    bool ok = true;
    size_t at = 0;
    for (uint64_t i = 0; i < times; i++) {
        ok &= worker_sign_fresh(w, at);
        at = at + 1 == w->count ? 0 : at + 1;
    }
    return ok;
}

static bool run_loop(void *opaque, uint64_t times)
{
    const struct worker *w = opaque;
    bool ok = true;
    for (uint64_t i = 0; i < times; i++)
        for (size_t j = 0; j < w->count; j++)
            ok &= worker_sign(w, j);
    return ok;
}

static bool run_batch(void *opaque, uint64_t times)
{
    const struct worker *w = opaque;
    bool ok = true;
    for (uint64_t i = 0; i < times; i++)
        ok &= w->batch->run(w->prepared);
    return ok;
}

/* Everybody who can sign these messages, ours first. With batches, those who have one take part a second time. */
static bool build(struct cell *cell, const struct shape *shapes, size_t count, bool (*run)(void *, uint64_t),
                  bool batch)
{
    const struct peer *ours[] = {&countersign_sign, &countersign_verify, batch ? NULL : &countersign_parts};
    struct messages *messages = messages_new(shapes, count);
    if (messages == NULL)
        return false;
    cell->shared = messages;
    cell->shared_free = messages_free;
    cell->answer_len = 16 * count;
    for (size_t i = 0; i < 3 + PEER_COUNT; i++) {
        const struct peer *peer = i < 3 ? ours[i] : peers[i - 3].peer;
        struct worker *w = peer == NULL ? NULL : worker_new(peer, messages, NULL);
        if (w == NULL)
            continue;
        const struct contender single = {peer,        batch ? "loop" : "single",
                                         run,         run == run_fresh ? worker_fresh_answer : worker_answer,
                                         worker_free, w};
        if (!cell_add(cell, single))
            return false;
        for (const struct peer_batch *b = peer->batches; batch && b < peer->batches + PEER_BATCHES && b->form; b++) {
            struct contender whole = {peer, b->form, run_batch, worker_batch_answer, worker_free, NULL};
            whole.state = worker_new(peer, messages, b);
            if (!cell_add(cell, whole))
                return false;
        }
    }
    return true;
}

/* As many messages as the first level of the cache holds, at most 16: a message is rarely the one before. */
static bool build_ring(struct cell *cell, const struct plan *plan, bool (*run)(void *, uint64_t), bool many_keys)
{
    struct shape shapes[16];
    size_t count = plan->len >= 16384 ? 1 : plan->len <= 1024 ? 16 : 16384 / plan->len;
    for (size_t i = 0; i < count; i++) {
        shapes[i].len = plan->len;
        shapes[i].algorithm = (enum peer_algorithm)plan->algorithm;
        shapes[i].key = many_keys ? i : 0;
    }
    return build(cell, shapes, count, run, false);
}

bool build_single(struct cell *cell, const struct plan *plan)
{
    return build_ring(cell, plan, run_single, false);
}

bool build_latency(struct cell *cell, const struct plan *plan)
{
    return build_ring(cell, plan, run_latency, false);
}

bool build_fresh(struct cell *cell, const struct plan *plan)
{
    return build_ring(cell, plan, run_fresh, true);
}

bool build_batch(struct cell *cell, const struct plan *plan)
{
    struct shape shapes[MESSAGES_KEYS];
    for (size_t i = 0; i < plan->count; i++) {
        shapes[i].len = plan->len;
        shapes[i].algorithm = (enum peer_algorithm)plan->algorithm;
        shapes[i].key = plan->keys == KEYS_EACH ? i : 0;
    }
    return build(cell, shapes, plan->count, run_loop, true);
}

bool build_mixed(struct cell *cell, const struct plan *plan)
{
    struct shape all[MIXED_COUNT], some[MIXED_COUNT];
    size_t count = 0;
    messages_mixed(all, plan->mix);
    for (size_t i = 0; i < MIXED_COUNT; i++)
        if (plan->algorithm < 0 || plan->algorithm == (int)all[i].algorithm)
            some[count++] = all[i];
    return build(cell, some, count, run_loop, true);
}
