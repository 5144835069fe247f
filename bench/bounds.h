/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_BOUNDS_H
#define BENCH_BOUNDS_H

#include "cell.h"

#define BOUNDS_PER_RUN 32

/* A loop over one instruction (bounds.c). */
struct bound {
    const char *name;
    uint32_t needs; /* of lib/crypto/cpu.h */
    bool (*run)(void *unused, uint64_t times);
};

extern const size_t bound_count;
const struct bound *bound_at(size_t i);

/* What the processor, or what --without left of it, lacks to run a loop; NULL: nothing. */
const char *bound_missing(const struct bound *bound);

#endif
