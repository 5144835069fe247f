/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of `countersign pcap` took, and how far it was from verifying the same messages in memory. */
#ifndef COUNTERSIGN_TOOLS_RUN_STATS_H
#define COUNTERSIGN_TOOLS_RUN_STATS_H

#include "capture.h"

typedef struct run_stats {
    bool on;           /* false: nothing is measured */
    uint64_t begun;    /* nanoseconds */
    uint64_t checking; /* of them, inside the calls that check a signature */
    uint64_t checked;  /* bytes of the elements given to those calls */
} run_stats;

/* run_clock is a clock in nanoseconds. */
uint64_t run_clock(void);

void run_stats_print(const run_stats *stats, const capture_counts *counts, size_t messages, FILE *out);

#endif
