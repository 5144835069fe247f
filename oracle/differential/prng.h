/* SPDX-License-Identifier: Apache-2.0 */
/* The test's own random numbers: SplitMix64, seeded anew for each case, so that a case is reproduced by (operation, seed, index)
   alone and is the same on every machine. */
#ifndef ORACLE_DIFFERENTIAL_PRNG_H
#define ORACLE_DIFFERENTIAL_PRNG_H

#include <stddef.h>
#include <stdint.h>

struct prng {
    uint64_t state;
};

static inline uint64_t prng_next(struct prng *p)
{
    uint64_t z = p->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* The same numbers for the same operation, seed and index; different ones for others. */
static inline struct prng prng_for(const char *operation, uint64_t seed, uint64_t index)
{
    struct prng p = {seed};
    for (; *operation; operation++)
        p.state = prng_next(&p) ^ (uint8_t)*operation;
    p.state = prng_next(&p) + index;
    p.state = prng_next(&p);
    return p;
}

/* 0..n-1; n is far below 2^64, so the bias is not worth a loop. */
static inline size_t prng_below(struct prng *p, size_t n)
{
    return (size_t)(prng_next(p) % n);
}

static inline void prng_fill(struct prng *p, uint8_t *out, size_t len)
{
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++) {
        if (i % 8 == 0)
            word = prng_next(p);
        out[i] = (uint8_t)(word >> 8 * (i % 8));
    }
}

#endif
