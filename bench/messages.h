/* SPDX-License-Identifier: Apache-2.0 */
/* SMB2 messages to sign, as different callers hold them: with the tag apart, signed in place, signed for verification. All forms
   are the same message, each with its own MessageId and so its own nonce. Behind each message lies a spare cache line, so that
   lengths that are powers of two do not all fall on the same lines of the cache. */
#ifndef BENCH_MESSAGES_H
#define BENCH_MESSAGES_H

#include "cell.h"

#define MESSAGES_KEYS 64

struct shape {
    size_t len;
    enum peer_algorithm algorithm;
    size_t key; /* below MESSAGES_KEYS */
};

enum form { FORM_DETACHED, FORM_IN_PLACE, FORM_SIGNED, FORMS };

struct messages {
    size_t count;
    struct shape *shapes;
    uint8_t **data[FORMS];
    uint8_t (*nonces)[12];
    uint8_t *memory;
};

/* The mixed batch: 64 messages of 100 to 65500 bytes, every third one of each algorithm, with 8 keys; lengths are uniform or their
   logarithms are. From a fixed seed. */
#define MIXED_COUNT 64
void messages_mixed(struct shape shapes[MIXED_COUNT], enum mix mix);

/* Makes count messages. NULL: no memory. */
struct messages *messages_new(const struct shape *shapes, size_t count);
void messages_free(void *messages);

/* The raw key of an index. */
void messages_raw_key(uint8_t raw[16], size_t key);

#endif
