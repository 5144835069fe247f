/* SPDX-License-Identifier: Apache-2.0 */
/* The things that the target `sequence` works on, each beside what a simple model expects of it. */
#ifndef FUZZ_SEQUENCE_MODEL_H
#define FUZZ_SEQUENCE_MODEL_H

#include "session_model.h"

enum { CONNECTIONS = 2, SETUPS = 3, SESSIONS = 3, CHANNELS = 2, HASHED_MAX = 10, MESSAGES_MAX = 256 };

/* The messages that a chain has hashed, in order, by their place in the world's list. */
typedef struct hashed {
    size_t count;
    size_t which[HASHED_MAX];
} hashed;

typedef struct connection {
    bool alive;
    csign_negotiated negotiated;
    csign_preauth chain;
    model_negotiated expected;
    hashed messages;
} connection;

typedef struct setup {
    bool alive;
    unsigned connection;
    csign_preauth chain;
    hashed messages;
} setup;

typedef struct session {
    bool alive;
    csign_session library;
    model_session expected;
} session;

typedef struct channel {
    bool alive;
    csign_channel library;
    uint32_t algorithm;
    uint8_t key[16];
} channel;

typedef struct world {
    connection connections[CONNECTIONS];
    setup setups[SETUPS];
    session sessions[SESSIONS];
    channel channels[CHANNELS];
    csign_bytes messages[MESSAGES_MAX];
    size_t message_count;
} world;

world *world_new(void);
void world_free(world *w);

/* Everything alive is what the model says, everything else zeros. */
void world_check(const world *w);

/* Keeps a copy of a message and adds it to a chain's. */
void hashed_add(hashed *h, world *w, csign_bytes message);

/* The preauthentication hash of all of a chain's messages. */
void hashed_value(uint8_t out[64], const hashed *h, const world *w);

#endif
