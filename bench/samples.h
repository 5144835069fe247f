/* SPDX-License-Identifier: Apache-2.0 */
/* Timing. A sample is the CPU time of one thread over enough runs to last tens of microseconds, less the clock's own cost, divided
   by the number of runs. CPU time, because others may share the core; its call costs half a microsecond. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct samples {
    double *ns; /* of one run */
    size_t count, capacity;
    uint64_t times; /* runs in a sample */
};

struct summary {
    double median, least, quarter, three_quarters;
};

/* Measures the clock's cost. Before everything else. */
void samples_init(void);

/* Takes a sample of about target_ns, which adjusts `times`. False: run failed or there is no memory. */
bool samples_take(struct samples *samples, bool (*run)(void *state, uint64_t times), void *state, double target_ns);

/* Sorts and sums up. */
struct summary samples_summary(struct samples *samples);

/* A contender for the length of a cycle: a chain of dependent additions, one cycle each; `times` of a hundred. */
#define CYCLES_PER_RUN 100
bool cycle_run(void *unused, uint64_t times);

#endif
