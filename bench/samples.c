/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "samples.h"

#include <stdlib.h>
#include <time.h>

static double clock_cost;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

void samples_init(void)
{
    clock_cost = 1e9;
    for (int i = 0; i < 1000; i++) {
        double from = now(), took = now() - from;
        clock_cost = took < clock_cost ? took : clock_cost;
    }
}

static bool one(bool (*run)(void *state, uint64_t times), void *state, uint64_t times, double *ns)
{
    double from = now();
    bool ok = run(state, times);
    *ns = now() - from - clock_cost;
    return ok;
}

static bool grow(struct samples *s)
{
    size_t capacity = s->capacity ? 2 * s->capacity : 32;
    double *grown = s->count < s->capacity ? s->ns : realloc(s->ns, capacity * sizeof *grown);
    if (grown == NULL)
        return false;
    s->capacity = s->count < s->capacity ? s->capacity : capacity;
    s->ns = grown;
    return true;
}

/* Of so few calls, the first would find its data where the contender before it, whose form of the message is another, has left it. */
enum { FEW = 4 };

/* A sample that turned out short is taken again with more runs: the first ones find how many are needed, and a first one that the
   machine held up does not decide that for all. */
bool samples_take(struct samples *s, bool (*run)(void *state, uint64_t times), void *state, double target_ns)
{
    double ns = 0;
    s->times = s->times ? s->times : 1;
    if (s->times <= FEW && s->count > 0 && !run(state, 1))
        return false;
    for (;;) {
        if (!one(run, state, s->times, &ns))
            return false;
        if (ns >= target_ns / 2)
            break;
        double more = target_ns / (ns > target_ns / 64 ? ns : target_ns / 64);
        s->times = (uint64_t)((double)s->times * more) + 1;
    }
    if (!grow(s))
        return false;
    s->ns[s->count++] = ns / (double)s->times;
    return true;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const struct samples *s, double q)
{
    double at = q * (double)(s->count - 1);
    size_t below = (size_t)at;
    double part = at - (double)below;
    return below + 1 < s->count ? s->ns[below] * (1 - part) + s->ns[below + 1] * part : s->ns[below];
}

struct summary samples_summary(struct samples *s)
{
    struct summary summary = {0};
    if (s->count == 0)
        return summary;
    qsort(s->ns, s->count, sizeof *s->ns, ascending);
    summary.median = quantile(s, 0.5);
    summary.least = s->ns[0];
    summary.quarter = quantile(s, 0.25);
    summary.three_quarters = quantile(s, 0.75);
    return summary;
}

bool cycle_run(void *unused, uint64_t times)
{
    uint64_t x = 1;
    (void)unused;
    for (uint64_t i = 0; i < times; i++) {
        for (int j = 0; j < CYCLES_PER_RUN; j += 10) {
#define ADD                                                                                                            \
    __asm__ volatile("" : "+r"(x));                                                                                    \
    x += x;
            ADD ADD ADD ADD ADD ADD ADD ADD ADD ADD
#undef ADD
        }
    }
    __asm__ volatile("" : : "r"(x));
    return true;
}
