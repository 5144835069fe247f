/* SPDX-License-Identifier: Apache-2.0 */
/* The mutator of one target as AFL++'s custom mutator library: AFL_CUSTOM_MUTATOR_LIBRARY=T_mutator.so. AFL++ gives a seed once; each
   mutation takes the next number that follows from it. AFL++'s own stages run beside it, so it makes no mutations of the
   engine's kind itself; one in eight takes in a part of the second input. */
#include <stdlib.h>

#include "mutator.h"

typedef struct afl_mutator {
    rng seeds;
    uint8_t *out;
    size_t room;
} afl_mutator;

/* By AFL++ 4.04's custom_mutators.md; afl_state is its own. Everything else in the library is hidden. */
#define EXPORTED __attribute__((visibility("default")))
EXPORTED void *afl_custom_init(void *afl_state, unsigned int seed);
EXPORTED size_t afl_custom_fuzz(void *data, uint8_t *input, size_t size, uint8_t **out, uint8_t *other,
                                size_t other_size, size_t max_size);
EXPORTED void afl_custom_deinit(void *data);

static const mutator_form form = {&MUTATOR_KIND, MUTATOR_PREFIX};

void *afl_custom_init(void *afl_state, unsigned int seed)
{
    (void)afl_state;
    afl_mutator *m = calloc(1, sizeof *m);
    if (m)
        m->seeds.state = seed;
    return m;
}

size_t afl_custom_fuzz(void *data, uint8_t *input, size_t size, uint8_t **out, uint8_t *other, size_t other_size,
                       size_t max_size)
{
    afl_mutator *m = data;
    if (max_size > m->room) {
        free(m->out);
        m->out = malloc(max_size);
        m->room = m->out ? max_size : 0;
    }
    *out = m->out;
    if (!m->out)
        return 0;
    uint64_t seed = rng_next(&m->seeds);
    if (other && other_size && seed % 8 == 0)
        return mutator_cross(&form, m->out, max_size, input, size, other, other_size, seed);
    size = window_least(size, max_size);
    for (size_t i = 0; i < size; i++)
        m->out[i] = input[i];
    return mutator_mutate(&form, m->out, size, max_size, seed, NULL);
}

void afl_custom_deinit(void *data)
{
    afl_mutator *m = data;
    free(m->out);
    free(m);
}
