/* SPDX-License-Identifier: Apache-2.0 */
/* TCP reassembly (RFC 9293): from segments in any order to the bytes of both directions of each connection, in an order that the
   two peers could have seen.

   Our own because of what libnids and its kin do not give: frame numbers of the bytes, holes reported instead of
   connections dropped, captures that start in the middle, and a request before its response when the capture has them
   the other way round. The last is what the acknowledgements are used for: bytes are delivered when the other direction
   has been delivered up to what they acknowledge. The preauthentication hash depends on that order.

   Memory for each connection is bounded by TCP_WAITING_BYTES and TCP_WAITING_SEGMENTS; when they are reached, or at the end, what
   is missing is taken for lost. Where copies of the same bytes differ, the first to be delivered wins.

   A connection that has ended (FIN both ways, or a reset) is closed when TCP_ENDED others have ended after it, so that late
   segments and forged resets change nothing; before that, when its ports are used again. When more than TCP_OPEN are open, the
   one that has been silent longest is closed, and counted. */
#ifndef COUNTERSIGN_TOOLS_TCP_H
#define COUNTERSIGN_TOOLS_TCP_H

#include <stdint.h>

#include "packet.h"

#define TCP_WAITING_SEGMENTS 4096u /* bytes are the bound of ordinary traffic */
#define TCP_WAITING_BYTES (4u << 20)
#define TCP_ENDED 32u
#define TCP_OPEN 16384u

/* Who receives the bytes. direction 0 is what ends[0] sends, the side whose segment came first. */
typedef struct tcp_consumer {
    void *context;
    void *(*open)(void *context,
                  const endpoint ends[2]); /* before a connection's first bytes; returns `connection` below */
    void (*data)(void *connection, unsigned direction, csign_bytes bytes, size_t frame);
    /* missing bytes are not in the capture, noticed at frame; 0: the connection's beginning is not in it */
    void (*gap)(void *connection, unsigned direction, uint32_t missing, size_t frame);
    void (*close)(void *connection);
} tcp_consumer;

typedef struct tcp_reassembly tcp_reassembly;

/* tcp_new: segments is how many of a connection may wait, TCP_WAITING_SEGMENTS but for tests. */
tcp_reassembly *tcp_new(const tcp_consumer *consumer, size_t segments);

/* tcp_add takes one segment; delivers what has become deliverable. */
void tcp_add(tcp_reassembly *tcp, const tcp_segment *segment);

/* tcp_given_up says how many connections were closed because there were too many. */
size_t tcp_given_up(const tcp_reassembly *tcp);

/* tcp_finish delivers what still waits, closes all connections in the order of their beginning, and frees. */
void tcp_finish(tcp_reassembly *tcp);

#endif
