/* SPDX-License-Identifier: Apache-2.0 */
/* Captures: a key file's text with its length u16 before it, then a pcap file of Ethernet, IPv4, TCP and the 4-byte transport length
   of MS-SMB2 2.1. Packets come and go, arrive in another order, in two parts or again; one length at a time is broken; and the
   SMB2 messages inside are mutated like any other, the lengths around them repaired. */
#include "mutator.h"
#include "operations.h"
#include "parts.h"

enum { FILE_HEAD = 24, RECORD_HEAD = 16, ETHERNET = 14, PACKETS = 256, SEQUENCE = 4 };

typedef struct packets {
    size_t count;
    size_t at[PACKETS + 1]; /* of each record, and the end of the last */
} packets;

/* Where things are in a record: offsets from its beginning. payload is its end if it is not TCP over IPv4. */
typedef struct layers {
    size_t ip, tcp, payload;
} layers;

static const uint32_t magics[] = {0xA1B2C3D4, 0xA1B23C4D, 0xD4C3B2A1, 0x0A0D0D0A};
static const known known_magics = {magics, 4};
static const uint32_t links[] = {1, 101, 113, 0};
static const known known_links = {links, 4};

static size_t capture_prefix(const window *input, size_t prefix)
{
    return prefix + 2 + (size_t)window_get(input, prefix, 2);
}

static void read_packets(packets *p, const window *m)
{
    p->count = 0;
    p->at[0] = window_least(FILE_HEAD, m->size);
    while (p->count < PACKETS && m->size - p->at[p->count] >= RECORD_HEAD) {
        size_t at = p->at[p->count], len = (size_t)window_get(m, at + 8, 4);
        p->at[++p->count] = at + RECORD_HEAD + window_least(len, m->size - at - RECORD_HEAD);
    }
}

static layers read_layers(const window *record)
{
    layers l = {RECORD_HEAD + ETHERNET, record->size, record->size};
    if (window_get_be(record, RECORD_HEAD + 12, 2) != 0x0800 || window_get(record, l.ip + 9, 1) != 6)
        return l;
    l.tcp = window_least(record->size, l.ip + 4 * (size_t)(window_get(record, l.ip, 1) & 15));
    l.payload = window_least(record->size, l.tcp + 4 * (size_t)(window_get(record, l.tcp + 12, 1) >> 4));
    return l;
}

/* The record's and IP's lengths say what is there. */
static void repair_lengths(window *record)
{
    size_t frame = record->size - window_least(record->size, RECORD_HEAD);
    window_put(record, 8, 4, frame);
    window_put(record, 12, 4, frame);
    window_put_be(record, RECORD_HEAD + ETHERNET + 2, 2, frame - window_least(frame, ETHERNET));
}

/* The file's header, and an empty packet from client to server or back. */
static void start_file(window *m)
{
    window_resize(m, FILE_HEAD);
    window_put(m, 0, 4, magics[0]);
    window_put(m, 4, 2, 2);
    window_put(m, 6, 2, 4);
    window_put(m, 16, 4, 0x40000);
    window_put(m, 20, 4, links[0]);
}

static void start_packet(rng *r, window *m, size_t at)
{
    bool response = rng_one_in(r, 2);
    window record = window_open(m, at, 0);
    window_resize(&record, RECORD_HEAD + ETHERNET + 20 + 20 + 4);
    layers l = {RECORD_HEAD + ETHERNET, RECORD_HEAD + ETHERNET + 20, record.size - 4};
    window_put_be(&record, RECORD_HEAD + 12, 2, 0x0800);
    window_put_be(&record, l.ip, 1, 0x45);
    window_put_be(&record, l.ip + 9, 1, 6);
    window_put_be(&record, l.ip + 12, 4, 0x7F000001);
    window_put_be(&record, l.ip + 16, 4, 0x7F000001);
    window_put_be(&record, l.tcp, 2, response ? 445 : 40000);
    window_put_be(&record, l.tcp + 2, 2, response ? 40000 : 445);
    window_put_be(&record, l.tcp + 12, 1, 0x50);
    window_put_be(&record, l.tcp + 13, 1, 0x18);
    repair_lengths(&record);
    window_close(m, &record);
    DID(packet_start);
}

/* The messages of a segment that begins with a transport length; what is appended belongs to the next one's sequence number,
   which is not repaired: a gap or an overlap is something to read, too. */
static void change_message(rng *r, window *record, size_t payload)
{
    if (record->size < payload + 4)
        window_resize(record, payload + 4);
    size_t len = (size_t)window_get_be(record, payload + 1, 3);
    window message =
        window_open(record, payload + 4, window_least(len, record->size - window_least(record->size, payload + 4)));
    if (window_get(&message, 12, 2) == 0 && !rng_one_in(r, 4))
        negotiate_change(r, &message);
    else
        compound_change(r, &message);
    len = message.size;
    window_close(record, &message);
    window_put_be(record, payload, 4, len & 0xFFFFFF);
    repair_lengths(record);
    DID(packet_message);
}

static void packet_value(rng *r, window *record, const layers *l)
{
    static const field of_ip[] = {
        {0, 1, FIELD_ANY, NULL}, {6, 2, FIELD_FLAGS, NULL}, {9, 1, FIELD_ANY, NULL}, {12, 4, FIELD_ANY, NULL}};
    static const field of_tcp[] = {{0, 2, FIELD_ANY, NULL},    {2, 2, FIELD_ANY, NULL},    {4, 4, FIELD_LENGTH, NULL},
                                   {4, 4, FIELD_LENGTH, NULL}, {13, 1, FIELD_FLAGS, NULL}, {12, 1, FIELD_ANY, NULL}};
    static const field of_ethernet = {12, 2, FIELD_ANY, NULL};
    bool tcp = !rng_one_in(r, 4);
    field f = tcp ? of_tcp[rng_below(r, 6)] : rng_one_in(r, 4) ? of_ethernet : of_ip[rng_below(r, 4)];
    f.at = (uint16_t)(f.at + (tcp ? l->tcp : f.at == 12 && f.width == 2 ? RECORD_HEAD : l->ip));
    value_change(r, record, &f, true);
    DID(packet_value);
}

static void break_packet(rng *r, window *record, const layers *l)
{
    field record_len = {8, 4, FIELD_LENGTH, NULL}, ip_len = {(uint16_t)(l->ip + 2), 2, FIELD_LENGTH, NULL};
    field tcp_len = {(uint16_t)(l->tcp + 12), 1, FIELD_ANY, NULL},
          transport = {(uint16_t)l->payload, 4, FIELD_LENGTH, NULL};
    switch (rng_below(r, 4)) {
    case 0:
        value_change(r, record, &record_len, false);
        break;
    case 1:
        value_change(r, record, &ip_len, true);
        break;
    case 2:
        value_change(r, record, &tcp_len, true);
        break;
    default:
        value_change(r, record, &transport, true);
        break;
    }
    DID(break_packet);
}

/* The record at `at` becomes two, the second of which begins where the first now ends. With overlap the second begins
   earlier, or the first is whole. */
static void split_packet(rng *r, window *m, size_t at, size_t end, bool overlap)
{
    window pair = window_open(m, at, end - at);
    layers l = read_layers(&pair);
    size_t len = pair.size, payload = len - l.payload, cut = rng_below(r, payload + 1);
    if (window_double(&pair, 0, len)) {
        window second = window_open(&pair, len, len);
        size_t skip = overlap ? cut - rng_below(r, cut + 1) : cut;
        window_remove(&second, l.payload, skip);
        window_put_be(&second, l.tcp + SEQUENCE, 4, window_get_be(&second, l.tcp + SEQUENCE, 4) + skip);
        if (overlap && rng_one_in(r, 2))
            bytes_change(r, &second);
        repair_lengths(&second);
        window_close(&pair, &second);
        window first = window_open(&pair, 0, len);
        if (!overlap || rng_one_in(r, 2))
            window_remove(&first, l.payload + cut, payload - cut);
        repair_lengths(&first);
        window_close(&pair, &first);
    }
    window_close(m, &pair);
}

static void change_packet(rng *r, window *m, size_t at, size_t end)
{
    window record = window_open(m, at, end - at);
    layers l = read_layers(&record);
    size_t pick = rng_below(r, 8);
    if (pick < 4)
        change_message(r, &record, l.payload);
    else if (pick < 6)
        packet_value(r, &record, &l);
    else if (pick < 7)
        break_packet(r, &record, &l);
    else
        bytes_change(r, &record);
    window_close(m, &record);
}

static void change_order(rng *r, window *m, const packets *p, size_t i)
{
    switch (rng_below(r, 5)) {
    case 0:
        window_remove(m, p->at[i], p->at[i + 1] - p->at[i]);
        DID(packet_drop);
        break;
    case 1:
        window_double(m, p->at[i], p->at[i + 1] - p->at[i]);
        DID(packet_duplicate);
        break;
    case 2:
        if (i + 1 < p->count)
            window_swap(m, p->at[i], p->at[i + 1], p->at[i + 2]);
        DID(packet_reorder);
        break;
    case 3:
        split_packet(r, m, p->at[i], p->at[i + 1], false);
        DID(packet_split);
        break;
    default:
        split_packet(r, m, p->at[i], p->at[i + 1], true);
        DID(packet_overlap);
        break;
    }
}

static void capture_change(rng *r, window *m)
{
    static const field of_file[] = {{0, 4, FIELD_ID, &known_magics},
                                    {4, 4, FIELD_ANY, NULL},
                                    {16, 4, FIELD_LENGTH, NULL},
                                    {20, 4, FIELD_ID, &known_links}};
    packets p;
    if (m->size < FILE_HEAD)
        start_file(m);
    read_packets(&p, m);
    size_t i = rng_below(r, p.count), pick = rng_below(r, 32);
    if (!p.count || pick == 0) {
        start_packet(r, m, p.at[rng_below(r, p.count + 1)]);
    } else if (pick == 1) {
        value_change(r, m, &of_file[rng_below(r, 4)], false);
        DID(capture_header);
    } else if (pick < 16) {
        change_order(r, m, &p, i);
    } else {
        change_packet(r, m, p.at[i], p.at[i + 1]);
    }
}

/* A packet of the other capture comes into this one. */
static void capture_splice(rng *r, window *m, const window *other)
{
    packets p, from;
    read_packets(&p, m);
    read_packets(&from, other);
    if (!from.count)
        return;
    size_t i = rng_below(r, from.count), count = 1 + rng_below(r, window_least(8, from.count - i));
    window_insert_bytes(m, p.at[rng_below(r, p.count + 1)], other->data + from.at[i], from.at[i + count] - from.at[i]);
    DID(splice);
}

const mutator_kind mutator_capture = {"capture", capture_prefix, capture_change, capture_splice, NULL, 0};
