/* SPDX-License-Identifier: Apache-2.0 */
/* What a run took: see run_stats.h. */
#define _POSIX_C_SOURCE 200809L
#include "run_stats.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t run_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* In KiB. getrusage would count what the process was before it became this program, the caller's fork. */
static long peak_memory(void)
{
    char line[128];
    long peak = 0;
    FILE *status = fopen("/proc/self/status", "r");
    if (status == NULL)
        return 0;
    while (peak == 0 && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = strtol(line + 6, NULL, 10);
    fclose(status);
    return peak;
}

void run_stats_print(const run_stats *stats, const capture_counts *counts, size_t messages, FILE *out)
{
    double seconds = (double)(run_clock() - stats->begun) / 1e9, checking = (double)stats->checking / 1e9;
    double megabytes = (double)stats->checked / 1e6;
    long peak = peak_memory();

    if (!stats->on)
        return;
    fprintf(out, "%zu frames, %zu bytes of capture, %zu messages, %.3f s: %.1f MB/s of capture\n", counts->frames,
            counts->bytes, messages, seconds, (double)counts->bytes / 1e6 / seconds);
    if (stats->checked != 0)
        fprintf(out,
                "%llu bytes of messages checked: %.1f MB/s in the whole run, %.1f MB/s inside the checks alone, ratio "
                "%.2f\n",
                (unsigned long long)stats->checked, megabytes / seconds, megabytes / checking, checking / seconds);
    if (peak != 0)
        fprintf(out, "peak memory %ld KiB\n", peak);
}
