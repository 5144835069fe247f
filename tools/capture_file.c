/* SPDX-License-Identifier: Apache-2.0 */
/* A capture file as a sequence of TCP segments: see capture_file.h. */
#define _DEFAULT_SOURCE
#include "capture_file.h"

#include <pcap/pcap.h>

/* Where the file is being read, for a message; a pipe has no offsets. */
static const char *place(char *out, size_t out_len, const char *word, long offset)
{
    if (offset < 0)
        snprintf(out, out_len, "in a pipe");
    else
        snprintf(out, out_len, "%s byte offset %ld", word, offset);
    return out;
}

static bool read_frames(pcap_t *pcap, capture_counts *counts, void (*segment)(void *context, const tcp_segment *),
                        void *context, char *error, size_t error_len)
{
    int link_type = pcap_datalink(pcap);
    const char *link_name = pcap_datalink_val_to_name(link_type);
    struct pcap_pkthdr *header;
    const u_char *bytes;
    char where[48];

    if (!packet_link_supported(link_type)) {
        snprintf(error, error_len,
                 "%s: frames of link type %s (%d) cannot be read; Ethernet, BSD loopback, raw IP and Linux cooked "
                 "captures can",
                 place(where, sizeof where, "before", ftell(pcap_file(pcap))), link_name ? link_name : "?", link_type);
        return false;
    }
    for (;;) {
        long offset = ftell(pcap_file(pcap));
        int result = pcap_next_ex(pcap, &header, &bytes);
        if (result == PCAP_ERROR_BREAK)
            return true;
        if (result != 1) {
            snprintf(error, error_len, "%s, frame %zu: %s", place(where, sizeof where, "at", offset),
                     counts->frames + 1, pcap_geterr(pcap));
            return false;
        }
        tcp_segment found;
        packet_kind kind = packet_decode(&found, link_type, (csign_bytes){bytes, header->caplen});
        found.frame = ++counts->frames;
        counts->cut += header->caplen < header->len;
        counts->tcp += kind == PACKET_TCP;
        counts->fragments += kind == PACKET_FRAGMENT;
        counts->broken += kind == PACKET_BROKEN;
        if (kind == PACKET_TCP)
            segment(context, &found);
    }
}

bool capture_read(FILE *file, capture_counts *counts, void (*segment)(void *context, const tcp_segment *),
                  void *context, char *error, size_t error_len)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_fopen_offline(file, why);
    if (pcap == NULL) {
        snprintf(error, error_len, "at byte offset 0: this is no pcap or pcapng file: %s", why);
        fclose(file);
        return false;
    }
    bool good = read_frames(pcap, counts, segment, context, error, error_len);
    pcap_close(pcap);
    return good;
}
