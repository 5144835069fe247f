/* SPDX-License-Identifier: Apache-2.0 */
/* Judging every signature of a capture: the whole of `countersign pcap` behind its options, for the command, for tests and for
   fuzzing. Reads only what it is given and writes only to the two streams. */
#ifndef COUNTERSIGN_TOOLS_JUDGE_H
#define COUNTERSIGN_TOOLS_JUDGE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "countersign/bytes.h"
#include "diagnose_options.h"
#include "key_source.h"
#include "keyfile.h"
#include "report.h"

typedef struct judge_options {
    report_form form;
    bool require_verified; /* status 1 also for what could not be judged, mirrored signatures, and missing ones */
    bool stats;            /* say on diagnostics what the run took */
    size_t progress;       /* size of the capture for a bar on diagnostics; 0: no bar */
    size_t message_limit;  /* stop after so many messages; 0: no limit */
    const volatile sig_atomic_t *stop; /* stop when it is not 0; NULL: never */
    key_source *const *sources;        /* asked for keys that the key file does not have; borrowed */
    size_t source_count;
    /* NULL, or reads what has been added to the key files since, into the keys that are judged with; true: something has */
    bool (*refresh)(void *context);
    void *refresh_context;
    diagnose_options diagnose;
    FILE *keylog; /* NULL, or where the session keys found are written at the end (keylog.h) */
    /* NULL, or hears every verdict with the bytes it is about, while they last */
    void (*judged)(void *context, const judged_message *message, csign_bytes element);
    void *judged_context;
} judge_options;

/* Where a capture comes from. */
typedef struct judge_input {
    const char *name;   /* of the file or interface, for messages */
    const char *filter; /* not NULL: capture on the interface `name` what this BPF expression lets pass */
    FILE *file;         /* else: read this and close it; NULL: as if it were empty */
} judge_input;

/* The exit statuses of the command. */
enum { JUDGE_GOOD = 0, JUDGE_BAD = 1, JUDGE_UNUSABLE = 2 };

/* judge_memory judges a capture (pcap or pcapng) in memory with a key file's text, and returns the exit status. The report goes to
   out; what makes the input unusable, and in JSON remarks such as missing bytes, go to diagnostics. */
int judge_memory(csign_bytes capture, csign_bytes key_text, const judge_options *options, FILE *out, FILE *diagnostics);

/* judge_capture does the same with an open file or an interface. */
int judge_capture(const judge_input *input, const keyfile *keys, const judge_options *options, FILE *out,
                  FILE *diagnostics);

/* judge_refuse reports input that cannot be used before there is a capture to read; returns JUDGE_UNUSABLE. */
int judge_refuse(const char *error, const judge_options *options, FILE *out, FILE *diagnostics);

#endif
