/* SPDX-License-Identifier: Apache-2.0 */
/* A capture file as a sequence of TCP segments: pcap and pcapng through libpcap. */
#ifndef COUNTERSIGN_TOOLS_CAPTURE_FILE_H
#define COUNTERSIGN_TOOLS_CAPTURE_FILE_H

#include <stdio.h>

#include "packet.h"

typedef struct capture_counts {
    size_t frames, tcp, fragments, broken;
    size_t cut; /* frames of which the capture has only the first bytes (snap length) */
} capture_counts;

/* capture_read calls segment for each TCP segment until the file ends. False: the file cannot be read (further); error says what is
   wrong and at which byte. Closes file. */
bool capture_read(FILE *file, capture_counts *counts, void (*segment)(void *context, const tcp_segment *),
                  void *context, char *error, size_t error_len);

#endif
