/* SPDX-License-Identifier: Apache-2.0 */
/* From one direction's bytes to SMB messages: the 4-byte transport header (MS-SMB2 2.1: zero, then a 24-bit length) and, on
   port 139, NetBIOS session messages and keepalives (RFC 1002 section 4.3.1), which have the same shape. After a hole it goes on
   at the next message: exactly where the frame with the hole ends if the hole lies inside it, else at the next bytes that
   look like a transport header followed by an SMB header. */
#ifndef COUNTERSIGN_TOOLS_TRANSPORT_H
#define COUNTERSIGN_TOOLS_TRANSPORT_H

#include <stdbool.h>

#include "countersign/bytes.h"

#define TRANSPORT_HEADER_LEN 4u

typedef struct transport_consumer {
    void *context;
    /* one SMB message without transport header; frame is where the last of its bytes arrived */
    void (*message)(void *context, csign_bytes message, size_t frame);
    /* messages are lost; known is what there is of the first, only says that it is the only one. text says where and how */
    void (*lost)(void *context, csign_bytes known, bool only, size_t frame, const char *text);
} transport_consumer;

typedef struct transport {
    uint8_t *buffer; /* starts at a transport header, or is being searched for one */
    size_t len, capacity;
    size_t skip;     /* bytes of a frame that is given up */
    size_t frame;    /* where the newest byte in the buffer arrived, latest first */
    size_t searched; /* bytes passed over while searching */
    bool searching;
    bool spoken; /* an SMB message has been seen: what goes wrong now is worth a remark */
} transport;

void transport_data(transport *t, csign_bytes bytes, size_t frame, const transport_consumer *consumer);

/* transport_gap says that missing bytes are not there; 0: that the stream's beginning is not. */
void transport_gap(transport *t, uint32_t missing, size_t frame, const transport_consumer *consumer);

/* transport_end reports a message that has begun but not ended; frees. */
void transport_end(transport *t, const transport_consumer *consumer);

#endif
