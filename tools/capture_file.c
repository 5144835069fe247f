/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a capture file: see capture.h. */
#define _DEFAULT_SOURCE /* u_int, which pcap.h needs */
#include <pcap/pcap.h>

#include "capture.h"

#define FILE_BUFFER (1u << 18)

/* Where the file is being read, for a message; a pipe has no offsets. */
static const char *place(char *out, size_t out_len, const char *word, long offset)
{
    if (offset < 0)
        snprintf(out, out_len, "in a pipe");
    else
        snprintf(out, out_len, "%s byte offset %ld", word, offset);
    return out;
}

static bool read_frames(pcap_t *pcap, capture_counts *counts, const capture_sink *sink, char *error, size_t error_len)
{
    int link_type = pcap_datalink(pcap);
    struct pcap_pkthdr *header;
    const u_char *bytes;
    char where[48];
    bool is_pipe = ftell(pcap_file(pcap)) < 0;

    if (!capture_link_supported(link_type, place(where, sizeof where, "before", ftell(pcap_file(pcap))), error,
                                error_len))
        return false;
    for (;;) {
        long offset = is_pipe ? -1 : ftell(pcap_file(pcap));
        int result = pcap_next_ex(pcap, &header, &bytes);
        if (result == PCAP_ERROR_BREAK)
            return true;
        if (result != 1) {
            if (!sink->more(sink->context, counts)) /* a signal has ended the wait for a pipe */
                return true;
            snprintf(error, error_len, "%s, frame %zu: %s", place(where, sizeof where, "at", offset),
                     counts->frames + 1, pcap_geterr(pcap));
            return false;
        }
        capture_frame(counts, sink, link_type, (csign_bytes){bytes, header->caplen}, header->len);
        if (!sink->more(sink->context, counts))
            return true;
    }
}

bool capture_read(FILE *file, capture_counts *counts, const capture_sink *sink, char *error, size_t error_len)
{
    char why[PCAP_ERRBUF_SIZE];

    setvbuf(file, NULL, _IOFBF, FILE_BUFFER);
    pcap_t *pcap = pcap_fopen_offline(file, why);
    if (pcap == NULL) {
        snprintf(error, error_len, "at byte offset 0: this is no pcap or pcapng file: %s", why);
        fclose(file);
        return false;
    }
    bool good = read_frames(pcap, counts, sink, error, error_len);
    pcap_close(pcap);
    return good;
}
