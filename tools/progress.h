/* SPDX-License-Identifier: Apache-2.0 */
/* A progress bar for files that take a while, on a terminal. */
#ifndef COUNTERSIGN_TOOLS_PROGRESS_H
#define COUNTERSIGN_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct progress {
    FILE *out; /* NULL: no bar */
    size_t total;
    uint64_t begun, drawn; /* nanoseconds (run_clock); drawn 0: it is not on the terminal */
} progress;

/* progress_show draws the bar if the run has lasted a second, and no more than ten times a second. */
void progress_show(progress *p, size_t done);

/* progress_clear takes it off the terminal, before other lines and at the end. */
void progress_clear(progress *p);

#endif
