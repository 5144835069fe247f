/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_BOUNDS_H
#define BENCH_BOUNDS_H

#include "cell.h"

#define BOUNDS_PER_RUN 32

/* A loop over one instruction (bounds.c). */
struct bound {
    const char *name, *feature;
    unsigned uses;     /* of PEER_AVX512 ... */
    bool (*has)(void); /* whether this CPU can run it */
    bool (*run)(void *unused, uint64_t times);
};

extern const size_t bound_count;
const struct bound *bound_at(size_t i);

/* What --without masks off bounds nobody. Called before cells are built. */
void bounds_limit(unsigned without);
bool bound_runs(const struct bound *bound);

#endif
