/* SPDX-License-Identifier: Apache-2.0 */
/* What reading a capture file and capturing share: see capture.h. */
#define _DEFAULT_SOURCE /* u_int, which pcap.h needs */
#include "capture.h"

#include <pcap/pcap.h>

#define FRAME_HEADER_LEN 16u /* in a pcap file */

bool capture_link_supported(int link_type, const char *where, char *error, size_t error_len)
{
    const char *name = pcap_datalink_val_to_name(link_type);
    if (packet_link_supported(link_type))
        return true;
    snprintf(error, error_len,
             "%s: frames of link type %s (%d) cannot be read; Ethernet, BSD loopback, raw IP and Linux cooked captures "
             "can",
             where, name ? name : "?", link_type);
    return false;
}

void capture_frame(capture_counts *counts, const capture_sink *sink, int link_type, csign_bytes bytes, size_t len)
{
    tcp_segment found;
    packet_kind kind = packet_decode(&found, link_type, bytes);

    found.frame = ++counts->frames;
    counts->bytes += FRAME_HEADER_LEN + bytes.len;
    counts->cut += bytes.len < len;
    counts->tcp += kind == PACKET_TCP;
    counts->fragments += kind == PACKET_FRAGMENT;
    counts->broken += kind == PACKET_BROKEN;
    if (kind == PACKET_TCP)
        sink->segment(sink->context, &found);
}
