/* SPDX-License-Identifier: Apache-2.0 */
/* A peer at work on messages: its keys made ready, a place for each tag, a batch prepared. */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include "messages.h"

struct worker {
    const struct peer *peer;
    struct peer_message *messages;
    size_t count;
    uint8_t (*tags)[32];
    uint8_t (*raw)[16];
    void *keys[PEER_ALGORITHMS][MESSAGES_KEYS];
    const struct peer_batch *batch; /* NULL: none is prepared */
    void *prepared;
};

/* With a batch, of the peer's, or without (NULL). NULL: the peer does not have an algorithm or a length, or there is no memory. */
struct worker *worker_new(const struct peer *peer, const struct messages *messages, const struct peer_batch *batch);
void worker_free(void *worker);

/* Signs one message (or verifies it): with its ready key, or with a key made for it. */
bool worker_sign(const struct worker *worker, size_t message);
bool worker_sign_fresh(const struct worker *worker, size_t message);

/* A contender's answer: all tags. A peer that verifies must also refuse a tag with one bit turned. */
bool worker_answer(void *worker, uint8_t *out);
bool worker_fresh_answer(void *worker, uint8_t *out);
bool worker_batch_answer(void *worker, uint8_t *out);

#endif
