/* SPDX-License-Identifier: Apache-2.0 */
/* The one random generator of the mutator: splitmix64, started from the engine's seed for each mutation, so that a mutant is a
   function of the input, the room and the seed, and a finding can be made again. Not for anything but fuzzing. */
#ifndef FUZZ_MUTATOR_RANDOM_H
#define FUZZ_MUTATOR_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rng {
    uint64_t state;
} rng;

static inline uint64_t rng_next(rng *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* 0 to n - 1; 0 if n is 0. The bias of the remainder does not matter here. */
static inline size_t rng_below(rng *r, size_t n)
{
    return n ? (size_t)(rng_next(r) % n) : 0;
}

static inline bool rng_one_in(rng *r, size_t n)
{
    return rng_below(r, n) == 0;
}

#endif
