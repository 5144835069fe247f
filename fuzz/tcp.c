/* SPDX-License-Identifier: Apache-2.0 */
/* TCP reassembly on its own (tools/tcp.h): segments of four connections in any order, with any overlap, loss, acknowledgement, flag and
   sequence number. Both directions come out as the bytes of the capture's segments, contiguous but for what is declared missing,
   each behind what its sender had acknowledged, as soon as can be, and nothing is lost without a word (tcp_model.c). Input: the
   initial sequence number of both sides 2 x u32, then for each segment or run of segments 9 bytes: what u8 (connection, side,
   SYN, ACK, FIN, far), more u8 (RST, backwards, how many more), sequence number and acknowledgement u16 from the
   initial ones, length u16 (its lower 12 bits, or 256 times
   the lower 8 when the upper 8 are set), bytes cut off u8. RFC 9293. */
#include <stdlib.h>

#include "tcp_model.h"

enum { CONNECTION = 3, SIDE = 4, SYN = 8, ACK = 16, FIN = 32, FAR = 64 }; /* in what */
enum { RST = 1, BACKWARDS = 2, MORE = 63 << 2 };                          /* in more */

enum { TEXT = 1 << 16 };
static uint8_t text[2 * TEXT]; /* what payloads are windows of; the same for every input */

static void start(void)
{
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof text; i++) {
        state = state * 1664525u + 1013904223u;
        text[i] = (uint8_t)(state >> 24);
    }
}

static void add(tcp_reassembly *tcp, tcp_model *m, uint8_t what, uint8_t more, tcp_segment s)
{
    unsigned connection = what & CONNECTION, side = (what & SIDE) != 0;
    endpoint ends[2] = {{.port = (uint16_t)(1000 + connection)}, {.port = 445}};
    s.from = ends[side];
    s.to = ends[1 - side];
    s.flags = (uint8_t)((what & SYN ? TCP_SYN : 0) | (what & ACK ? TCP_ACK : 0) | (what & FIN ? TCP_FIN : 0) |
                        (more & RST ? TCP_RST : 0));
    s.frame = m->frames + 1;
    s.payload.data = text + (s.seq + 977 * s.frame) % TEXT; /* another copy has other bytes */
    tcp_model_before(m, &s, connection, side);
    tcp_add(tcp, &s);
    tcp_model_after(m);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    uint8_t initial[8];
    fuzz_take(&r, initial, sizeof initial);
    tcp_model *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    tcp_consumer consumer = tcp_model_consumer(m);
    tcp_reassembly *tcp = tcp_new(&consumer, MODEL_WAITING);
    while (r.left) {
        uint8_t what = fuzz_take_u8(&r), more = fuzz_take_u8(&r);
        uint32_t seq = fuzz_take_u16(&r), ack = fuzz_take_u16(&r), count = (more & MORE) >> 2;
        uint16_t len = fuzz_take_u16(&r);
        tcp_segment s = {.payload.len = len >= 0xFF00 ? (len & 0xFFu) << 8 : len & 0xFFFu, .cut = fuzz_take_u8(&r)};
        unsigned side = (what & SIDE) != 0;
        for (uint32_t i = 0; i <= count && m->frames < MODEL_SEGMENTS; i++) {
            uint32_t step = more & BACKWARDS ? count - i : i;
            s.seq = fuzz_le(initial + 4 * side, 4) + (what & FAR ? seq << 16 : seq) +
                    step * (uint32_t)(s.payload.len + s.cut);
            s.ack = fuzz_le(initial + 4 * (1 - side), 4) + (what & FAR ? ack << 16 : ack);
            add(tcp, m, what, more, s);
        }
    }
    tcp_model_finish(m);
    tcp_finish(tcp);
    tcp_model_finished(m);
    free(m);
}

const fuzz_target fuzz_this = {"tcp", start, one};
