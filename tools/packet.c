/* SPDX-License-Identifier: Apache-2.0 */
/* From a captured frame to the TCP segment inside it: see packet.h. Headers after IEEE 802.3, RFC 791, RFC 8200, RFC 9293 and
   tcpdump.org's list of link types. */
#include "packet.h"

#include <pcap/dlt.h>
#include <string.h>

#include "octets.h"

#define ETHERTYPE_IPV4 0x0800u
#define ETHERTYPE_IPV6 0x86DDu
#define PROTOCOL_TCP 6u

static csign_bytes behind(csign_bytes b, size_t header_len)
{
    return header_len == 0 ? b : (csign_bytes){b.data + header_len, b.len - header_len}; /* NULL + 0 is undefined */
}

static packet_kind decode_tcp(tcp_segment *out, csign_bytes ip_payload, size_t real_len)
{
    const uint8_t *p = ip_payload.data;
    if (ip_payload.len < 20)
        return PACKET_BROKEN;
    size_t header_len = 4u * (p[12] >> 4);
    if (header_len < 20 || header_len > real_len)
        return PACKET_BROKEN;
    out->from.port = load_be16(p);
    out->to.port = load_be16(p + 2);
    out->seq = load_be32(p + 4);
    out->ack = load_be32(p + 8);
    out->flags = p[13];
    if (header_len > ip_payload.len) { /* cut inside the options */
        out->payload = (csign_bytes){NULL, 0};
        out->cut = real_len - header_len;
        return PACKET_TCP;
    }
    out->payload = behind(ip_payload, header_len);
    out->cut = real_len - ip_payload.len;
    return PACKET_TCP;
}

/* The bytes that a datagram says it has, against those captured: link-layer padding goes, a snapshot's cut shows. Offloading
   network cards hand over datagrams too big for their own length field, which is then 0: all captured bytes count. */
static packet_kind decode_ip_payload(tcp_segment *out, csign_bytes payload, size_t said_len, bool said)
{
    size_t real_len = said ? said_len : payload.len;
    if (payload.len > real_len)
        payload.len = real_len;
    return decode_tcp(out, payload, real_len);
}

static packet_kind decode_ipv4(tcp_segment *out, csign_bytes ip)
{
    const uint8_t *p = ip.data;
    if (ip.len < 20)
        return PACKET_BROKEN;
    size_t header_len = 4u * (p[0] & 15u), total_len = load_be16(p + 2);
    if (header_len < 20 || header_len > ip.len || (total_len != 0 && total_len < header_len))
        return PACKET_BROKEN;
    if (p[9] != PROTOCOL_TCP)
        return PACKET_OTHER;
    if ((load_be16(p + 6) & 0x3FFFu) != 0) /* more fragments, or not the first */
        return PACKET_FRAGMENT;
    memcpy(out->from.address, p + 12, 4);
    memcpy(out->to.address, p + 16, 4);
    return decode_ip_payload(out, behind(ip, header_len), total_len - header_len, total_len != 0);
}

static packet_kind decode_ipv6(tcp_segment *out, csign_bytes ip)
{
    if (ip.len < 40)
        return PACKET_BROKEN;
    size_t left = load_be16(ip.data + 4);
    bool said = left != 0; /* 0: a jumbogram, its length is in an option */
    unsigned next = ip.data[6];

    out->from.ipv6 = out->to.ipv6 = true;
    memcpy(out->from.address, ip.data + 8, 16);
    memcpy(out->to.address, ip.data + 24, 16);
    ip = behind(ip, 40);
    while (next != PROTOCOL_TCP) {
        size_t extension_len;
        if (ip.len < 8)
            return next == 0 || next == 43 || next == 44 || next == 51 || next == 60 ? PACKET_BROKEN : PACKET_OTHER;
        if (next == 0 || next == 43 || next == 60) /* hop-by-hop, routing, destination options */
            extension_len = 8u + 8u * ip.data[1];
        else if (next == 51) /* authentication header */
            extension_len = 8u + 4u * ip.data[1];
        else if (next == 44) { /* fragment; a datagram in one piece may carry it too */
            if ((load_be16(ip.data + 2) & 0xFFF9u) != 0)
                return PACKET_FRAGMENT;
            extension_len = 8;
        } else
            return PACKET_OTHER;
        if (extension_len > ip.len || (said && extension_len > left))
            return PACKET_BROKEN;
        next = ip.data[0];
        ip = behind(ip, extension_len);
        left -= said ? extension_len : 0;
    }
    return decode_ip_payload(out, ip, left, said);
}

static packet_kind decode_ip(tcp_segment *out, csign_bytes ip)
{
    if (ip.len == 0)
        return PACKET_BROKEN;
    switch (ip.data[0] >> 4) {
    case 4:
        return decode_ipv4(out, ip);
    case 6:
        return decode_ipv6(out, ip);
    default:
        return PACKET_OTHER;
    }
}

/* type is the EtherType, *frame what follows it. VLAN tags (802.1Q, 802.1ad and the older 0x9100) may stand in between. */
static packet_kind decode_ethertype(tcp_segment *out, unsigned type, csign_bytes frame)
{
    while (type == 0x8100u || type == 0x88A8u || type == 0x9100u) {
        if (frame.len < 4)
            return PACKET_BROKEN;
        type = load_be16(frame.data + 2);
        frame = behind(frame, 4);
    }
    return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6 ? decode_ip(out, frame) : PACKET_OTHER;
}

/* Where the EtherType is and how long the link header is. BSD loopback has an address family in the byte order of the machine
   that captured, which says no more than the IP version does. */
static bool link_header(int link_type, size_t *header_len, size_t *type_at)
{
    switch (link_type) {
    case DLT_EN10MB:
        *header_len = 14, *type_at = 12;
        return true;
    case DLT_LINUX_SLL:
        *header_len = 16, *type_at = 14;
        return true;
    case DLT_LINUX_SLL2:
        *header_len = 20, *type_at = 0;
        return true;
    case DLT_NULL:
    case DLT_LOOP:
        *header_len = 4, *type_at = SIZE_MAX;
        return true;
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
        *header_len = 0, *type_at = SIZE_MAX;
        return true;
    default:
        return false;
    }
}

bool packet_link_supported(int link_type)
{
    size_t header_len, type_at;
    return link_header(link_type, &header_len, &type_at);
}

packet_kind packet_decode(tcp_segment *out, int link_type, csign_bytes frame)
{
    size_t header_len, type_at;

    *out = (tcp_segment){0};
    if (!link_header(link_type, &header_len, &type_at))
        return PACKET_OTHER;
    if (frame.len < header_len)
        return PACKET_BROKEN;
    if (type_at == SIZE_MAX)
        return decode_ip(out, behind(frame, header_len));
    return decode_ethertype(out, load_be16(frame.data + type_at), behind(frame, header_len));
}
