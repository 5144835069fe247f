/* SPDX-License-Identifier: Apache-2.0 */
/* Judging every signature of a capture: the whole of `countersign pcap` behind its options, for the command, for tests and for
   fuzzing. Reads only what it is given and writes only to the two streams. */
#ifndef COUNTERSIGN_TOOLS_JUDGE_H
#define COUNTERSIGN_TOOLS_JUDGE_H

#include <stdbool.h>
#include <stdio.h>

#include "countersign/bytes.h"
#include "key_source.h"
#include "keyfile.h"

typedef struct judge_options {
    bool json;                  /* one JSON object instead of text */
    bool colour;                /* text for a terminal */
    bool require_verified;      /* status 1 also for what could not be judged, and for mirrored signatures */
    key_source *const *sources; /* asked for keys that the key file does not have; borrowed */
    size_t source_count;
} judge_options;

/* The exit statuses of the command. */
enum { JUDGE_GOOD = 0, JUDGE_BAD = 1, JUDGE_UNUSABLE = 2 };

/* judge_memory judges a capture (pcap or pcapng) in memory with a key file's text, and returns the exit status. The report goes to
   out; what makes the input unusable, and in JSON remarks such as missing bytes, go to diagnostics. */
int judge_memory(csign_bytes capture, csign_bytes key_text, const judge_options *options, FILE *out, FILE *diagnostics);

/* judge_stream does the same with an open file, which it closes. name is for messages. */
int judge_stream(FILE *capture, const char *name, const keyfile *keys, const judge_options *options, FILE *out,
                 FILE *diagnostics);

/* judge_refuse reports input that cannot be used before there is a capture to read; returns JUDGE_UNUSABLE. */
int judge_refuse(const char *error, const judge_options *options, FILE *out, FILE *diagnostics);

#endif
