/* SPDX-License-Identifier: Apache-2.0 */
/* What TCP reassembly may deliver, said with a list of all segments and one position for each direction: no queue and no state of
   tools/tcp.c. What is asserted stands in tcp_model.c, beside each CHECK. */
#ifndef FUZZ_TCP_MODEL_H
#define FUZZ_TCP_MODEL_H

#include "fuzz.h"
#include "tools/tcp.h"

/* MODEL_WAITING: segments that may wait; low, so that inputs reach it. */
enum { MODEL_SEGMENTS = 400, MODEL_CONNECTIONS = 4, MODEL_WAITING = 256 };

typedef struct model_segment {
    struct model_connection *connection;
    unsigned side;
    uint32_t seq, ack;  /* seq: of the first payload byte */
    bool has_ack, past; /* past: its connection has ended */
    size_t len, cut;
    const uint8_t *data;
} model_segment;

/* One direction since the last SYN that began something new. */
typedef struct model_stream {
    bool known, midstream, announced;
    uint32_t start, at; /* at: the next byte to be delivered or declared missing */
} model_stream;

typedef struct model_connection {
    struct tcp_model *model;
    model_stream streams[2];
    unsigned order;      /* 1 for the connection that began first */
    unsigned first_side; /* the consumer's direction 0 */
    bool open;
    bool restarting;        /* a SYN that begins a new connection is being handled */
    bool wild;              /* sequence numbers too far apart to say which comes first */
    size_t payloads, bytes; /* segments with a payload since it began, and their length */
} model_connection;

typedef struct tcp_model {
    model_connection connections[MODEL_CONNECTIONS];
    model_segment segments[MODEL_SEGMENTS + 1]; /* by frame, from 1 */
    tcp_segment current;
    size_t frames;
    unsigned begun, closed; /* how many connections; the order of the last closed one, when finishing */
    bool finishing;
} tcp_model;

/* Tells the model a segment before the library gets it, and that the library has it. from.port and to.port: side 0 is
   1000 + connection, side 1 is 445. Frames count from 1. */
void tcp_model_before(tcp_model *m, const tcp_segment *segment, unsigned connection, unsigned side);
void tcp_model_after(tcp_model *m);

/* Around tcp_finish. */
void tcp_model_finish(tcp_model *m);
void tcp_model_finished(tcp_model *m);

/* What the library delivers to, which checks each event as it comes. */
tcp_consumer tcp_model_consumer(tcp_model *m);

#endif
