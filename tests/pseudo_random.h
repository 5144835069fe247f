/* SPDX-License-Identifier: Apache-2.0 */
/* The same numbers in every run: what a test draws when it cannot try everything. */
#ifndef COUNTERSIGN_TESTS_PSEUDO_RANDOM_H
#define COUNTERSIGN_TESTS_PSEUDO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Knuth's multiplier for 64 bits; the upper half is drawn. */
static inline uint32_t pseudo_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 32);
}

/* One of 0 .. bound - 1. */
static inline size_t pseudo_random_below(uint64_t *state, size_t bound)
{
    return pseudo_random(state) % bound;
}

static inline void pseudo_random_fill(uint64_t *state, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)pseudo_random(state);
    }
}

#endif
