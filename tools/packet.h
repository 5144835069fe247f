/* SPDX-License-Identifier: Apache-2.0 */
/* From a captured frame to the TCP segment inside it: Ethernet, BSD loopback, raw IP and Linux "any" captures, VLAN tags, IPv4
   and IPv6 with extension headers. Everything in the frame is taken for hostile. */
#ifndef COUNTERSIGN_TOOLS_PACKET_H
#define COUNTERSIGN_TOOLS_PACKET_H

#include <stdbool.h>

#include "countersign/bytes.h"

typedef struct endpoint {
    uint8_t address[16]; /* IPv4: 4 bytes, then zeros */
    uint16_t port;
    bool ipv6;
} endpoint;

#define TCP_FIN 0x01u
#define TCP_SYN 0x02u
#define TCP_RST 0x04u
#define TCP_ACK 0x10u

typedef struct tcp_segment {
    endpoint from, to;
    uint32_t seq, ack;
    uint8_t flags;
    csign_bytes payload; /* what was captured of it; borrows the frame */
    size_t cut;          /* payload bytes that the capture's snapshot length cut off behind it */
    size_t frame;        /* the frame's number in the capture, from 1 */
} tcp_segment;

typedef enum packet_kind {
    PACKET_TCP,
    PACKET_OTHER,    /* not IP, or not TCP */
    PACKET_FRAGMENT, /* part of a fragmented IP datagram: not put together here */
    PACKET_BROKEN    /* too short for its own headers */
} packet_kind;

/* packet_link_supported says whether frames of this DLT_ number can be read. */
bool packet_link_supported(int link_type);

/* packet_decode finds the TCP segment in a frame. Only PACKET_TCP fills *out, all but frame. */
packet_kind packet_decode(tcp_segment *out, int link_type, csign_bytes frame);

#endif
