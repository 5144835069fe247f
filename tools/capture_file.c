/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a capture file: see capture.h. */
#define _DEFAULT_SOURCE /* u_int, which pcap.h needs */
#include <pcap/pcap.h>
#include <stdlib.h>

#include "capture.h"
#include "memory.h"

#define FILE_BUFFER (1u << 16)
#define FRAME_HEADER_LEN 16

/* Where a file is being read. Asking the stream for each frame would be a system call. */
typedef struct position {
    FILE *file;
    bool counted;   /* pcap: the frames' lengths add up. pcapng has more blocks than frames */
    size_t longest; /* of longer frames libpcap gives only so many bytes */
    long offset;    /* of the next frame; below 0: it has none */
} position;

static position position_of(pcap_t *pcap)
{
    position p = {.file = pcap_file(pcap), .counted = pcap_major_version(pcap) == PCAP_VERSION_MAJOR};
    p.longest = (size_t)pcap_snapshot(pcap);
    p.offset = ftell(p.file);
    return p;
}

static void advance(position *p, size_t captured)
{
    if (p->counted && captured < p->longest && p->offset >= 0)
        p->offset += FRAME_HEADER_LEN + (long)captured;
    else if (p->counted && p->offset >= 0)
        p->offset = ftell(p->file);
}

/* For a message. */
static const char *position_text(const position *p, char *out, size_t out_len)
{
    if (p->offset < 0)
        snprintf(out, out_len, "in a pipe");
    else if (p->counted)
        snprintf(out, out_len, "at byte offset %ld", p->offset);
    else
        snprintf(out, out_len, "before byte offset %ld", ftell(p->file));
    return out;
}

static bool read_frames(pcap_t *pcap, capture_counts *counts, const capture_sink *sink, char *error, size_t error_len)
{
    int link_type = pcap_datalink(pcap);
    struct pcap_pkthdr *header;
    const u_char *bytes;
    position at = position_of(pcap);
    char where[48];

    if (!capture_link_supported(link_type, position_text(&at, where, sizeof where), error, error_len))
        return false;
    for (;;) {
        int result = pcap_next_ex(pcap, &header, &bytes);
        if (result == PCAP_ERROR_BREAK)
            return true;
        if (result != 1) {
            if (!sink->more(sink->context, counts)) /* a signal has ended the wait for a pipe */
                return true;
            snprintf(error, error_len, "%s, frame %zu: %s", position_text(&at, where, sizeof where), counts->frames + 1,
                     pcap_geterr(pcap));
            return false;
        }
        advance(&at, header->caplen);
        capture_frame(counts, sink, link_type, (csign_bytes){bytes, header->caplen}, header->len);
        if (!sink->more(sink->context, counts))
            return true;
    }
}

bool capture_read(FILE *file, capture_counts *counts, const capture_sink *sink, char *error, size_t error_len)
{
    char why[PCAP_ERRBUF_SIZE];
    char *buffer = need(FILE_BUFFER); /* without one the C library reads 4096 bytes at a time, whatever it is told */
    bool standard = file == stdin;    /* which libpcap leaves open */

    setvbuf(file, buffer, _IOFBF, FILE_BUFFER);
    pcap_t *pcap = pcap_fopen_offline(file, why);
    if (pcap == NULL) {
        snprintf(error, error_len, "at byte offset 0: this is no pcap or pcapng file: %s", why);
        fclose(file);
        free(buffer);
        return false;
    }
    bool good = read_frames(pcap, counts, sink, error, error_len);
    pcap_close(pcap);
    if (standard)
        fclose(stdin);
    free(buffer);
    return good;
}
