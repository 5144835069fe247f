/* SPDX-License-Identifier: Apache-2.0 */
/* A capture, from a file or as it is made, as a sequence of TCP segments; through libpcap. */
#ifndef COUNTERSIGN_TOOLS_CAPTURE_H
#define COUNTERSIGN_TOOLS_CAPTURE_H

#include <stdio.h>

#include "packet.h"

typedef struct capture_counts {
    size_t frames, tcp, fragments, broken;
    size_t cut;     /* frames of which the capture has only the first bytes (snap length) */
    size_t dropped; /* live: packets that the kernel had no room for */
    size_t bytes;   /* of the frames, with 16 for the header of each as in a pcap file */
} capture_counts;

/* Who receives the segments. */
typedef struct capture_sink {
    void *context;
    void (*segment)(void *context, const tcp_segment *segment);
    /* asked after each frame, live several times a second: false ends the capture */
    bool (*more)(void *context, const capture_counts *counts);
} capture_sink;

/* Both return false when the capture cannot be read (further); error then says what is wrong, where, and what to do. */

/* capture_read reads a pcap or pcapng file until it ends, and closes it. */
bool capture_read(FILE *file, capture_counts *counts, const capture_sink *sink, char *error, size_t error_len);

/* capture_live captures on a network interface what a BPF filter expression lets pass. */
bool capture_live(const char *interface, const char *filter, capture_counts *counts, const capture_sink *sink,
                  char *error, size_t error_len);

/* For the two: capture_link_supported says in error what is wrong with a link type; capture_frame takes in one frame of len bytes, of
   which the capture has those in bytes. */
bool capture_link_supported(int link_type, const char *where, char *error, size_t error_len);
void capture_frame(capture_counts *counts, const capture_sink *sink, int link_type, csign_bytes bytes, size_t len);

#endif
