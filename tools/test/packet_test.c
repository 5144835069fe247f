/* SPDX-License-Identifier: Apache-2.0 */
/* From frame to TCP segment: what is found in frames of each kind, and, in an allocation of exactly its size so that a sanitizer sees
   a read past it (libpcap's own buffer hides that), each frame cut everywhere and with every header byte altered. */
#include "tools/packet.h"

#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define IPV4_HEADER 0x45, 0, 0, 43, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2
#define IPV6_HEADER(first, len)                                                                                        \
    0x60, 0, 0, 0, 0, len, first, 64, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 1, 0xd, 0xb8, 0,   \
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
#define TCP_HEADER 0x0f, 0xa0, 0x01, 0xbd, 1, 2, 3, 4, 5, 6, 7, 8, 0x50, TCP_ACK, 2, 0, 0, 0, 0, 0
#define PAYLOAD 'S', 'M', 'B'

typedef struct sample {
    const char *name;
    int link_type;
    size_t len;
    uint8_t bytes[128];
} sample;

#define SAMPLE(name, link_type, ...)                                                                                   \
    {                                                                                                                  \
        name, link_type, sizeof((const uint8_t[]){__VA_ARGS__}),                                                       \
        {                                                                                                              \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }

static const sample samples[] = {
    SAMPLE("raw IPv4", DLT_RAW, IPV4_HEADER, TCP_HEADER, PAYLOAD),
    SAMPLE("raw IPv6", DLT_RAW, IPV6_HEADER(6, 23), TCP_HEADER, PAYLOAD),
    SAMPLE("hop-by-hop, routing, options", DLT_RAW, IPV6_HEADER(0, 47), 43, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0,
           0, 6, 0, 0, 0, 0, 0, 0, 0, TCP_HEADER, PAYLOAD),
    SAMPLE("authentication header", DLT_IPV6, IPV6_HEADER(51, 35), 6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, TCP_HEADER,
           PAYLOAD),
    SAMPLE("Ethernet", DLT_EN10MB, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, IPV4_HEADER, TCP_HEADER, PAYLOAD),
    SAMPLE("VLAN tags", DLT_EN10MB, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0xA8, 0, 1, 0x81, 0, 0, 2, 8, 0,
           IPV4_HEADER, TCP_HEADER, PAYLOAD),
    SAMPLE("BSD loopback", DLT_NULL, 2, 0, 0, 0, IPV4_HEADER, TCP_HEADER, PAYLOAD),
    SAMPLE("Linux any", DLT_LINUX_SLL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, IPV4_HEADER, TCP_HEADER,
           PAYLOAD),
    SAMPLE("Linux any, v2", DLT_LINUX_SLL2, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, IPV4_HEADER,
           TCP_HEADER, PAYLOAD),
};

/* Decodes len bytes in an allocation of their own; reads all of the payload. */
static packet_kind decode(tcp_segment *out, int link_type, const uint8_t *bytes, size_t len, unsigned *sum)
{
    uint8_t *copy = malloc(len ? len : 1);
    if (copy == NULL)
        exit(1);
    memcpy(copy, bytes, len);
    packet_kind kind = packet_decode(out, link_type, (csign_bytes){len ? copy : NULL, len});
    *sum = 0;
    for (size_t i = 0; kind == PACKET_TCP && i < out->payload.len; i++)
        *sum += out->payload.data[i];
    free(copy);
    return kind;
}

static void test_sample(const sample *s)
{
    tcp_segment t;
    unsigned sum;
    uint8_t bytes[sizeof s->bytes];

    CHECK(decode(&t, s->link_type, s->bytes, s->len, &sum) == PACKET_TCP, "%s", s->name);
    CHECK(t.from.port == 4000 && t.to.port == 445 && t.seq == 0x01020304 && t.ack == 0x05060708 && t.flags == TCP_ACK,
          "%s", s->name);
    CHECK(t.payload.len == 3 && sum == 'S' + 'M' + 'B' && t.cut == 0, "%s: %zu", s->name, t.payload.len);
    CHECK(t.from.address[t.from.ipv6 ? 15 : 3] == 1 && t.to.address[t.to.ipv6 ? 15 : 3] == 2, "%s", s->name);

    memcpy(bytes, s->bytes, s->len);
    memset(bytes + s->len, 0xEE, 4); /* Ethernet pads short frames */
    CHECK(decode(&t, s->link_type, bytes, s->len + 4, &sum) == PACKET_TCP && t.payload.len == 3 && t.cut == 0, "%s",
          s->name);

    for (size_t len = 0; len < s->len; len++) { /* a snapshot length */
        packet_kind kind = decode(&t, s->link_type, s->bytes, len, &sum);
        if (len + 3 >= s->len)
            CHECK(kind == PACKET_TCP && t.payload.len + t.cut == 3, "%s: %zu bytes", s->name, len);
        else
            CHECK(kind != PACKET_TCP, "%s: %zu bytes", s->name, len);
    }
    for (size_t at = 0; at < s->len; at++)
        for (unsigned value = 0; value < 256; value++) {
            bytes[at] = (uint8_t)value;
            packet_kind kind = decode(&t, s->link_type, bytes, s->len, &sum);
            CHECK(kind != PACKET_TCP || t.payload.len <= s->len, "%s: byte %zu is %u", s->name, at, value);
            bytes[at] = s->bytes[at];
        }
}

static void test_fragments(void)
{
    static const uint8_t first[] = {0x45, 0,   0, 43, 0, 1,   0x20, 0, 64, 6,          0,
                                    0,    192, 0, 2,  1, 192, 0,    2, 2,  TCP_HEADER, PAYLOAD};
    static const uint8_t later[] = {IPV6_HEADER(44, 31), 6, 0, 0, 8, 0, 0, 0, 1, TCP_HEADER, PAYLOAD};
    static const uint8_t whole[] = {IPV6_HEADER(44, 31), 6, 0, 0, 0, 0, 0, 0, 1, TCP_HEADER, PAYLOAD};
    static const uint8_t udp[] = {0x45, 0, 0,   28, 0, 1, 0x40, 0, 64, 17, 0, 0, 192, 0,
                                  2,    1, 192, 0,  2, 2, 0,    1, 0,  2,  0, 8, 0,   0};
    tcp_segment t;
    unsigned sum;
    CHECK(decode(&t, DLT_RAW, first, sizeof first, &sum) == PACKET_FRAGMENT, "the first of several");
    CHECK(decode(&t, DLT_RAW, later, sizeof later, &sum) == PACKET_FRAGMENT, "a later one");
    CHECK(decode(&t, DLT_RAW, whole, sizeof whole, &sum) == PACKET_TCP, "the only one");
    CHECK(decode(&t, DLT_RAW, udp, sizeof udp, &sum) == PACKET_OTHER, "UDP");
    CHECK(!packet_link_supported(DLT_IEEE802_11) && packet_link_supported(DLT_EN10MB), "link types");
}

int main(void)
{
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        test_sample(&samples[i]);
    test_fragments();
    return check_end();
}
