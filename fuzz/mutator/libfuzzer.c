/* SPDX-License-Identifier: Apache-2.0 */
/* The mutator of one target under libFuzzer: bazel/fuzzing.bzl says which, MUTATOR_KIND, and how many control bytes, MUTATOR_PREFIX.
   With --no_mutator on the command line, which libFuzzer ignores and hands on to its children, the engine is alone. */
#include "../fuzz.h"
#include "mutator.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                                 size_t max_size, unsigned int seed);

void __msan_unpoison(const volatile void *data, size_t size) __attribute__((weak)); /* there under MSan alone */

static const mutator_form form = {&MUTATOR_KIND, MUTATOR_PREFIX};

/* MSan does not see what the engine writes, which is not instrumented. */
static size_t engine_mutate(uint8_t *data, size_t size, size_t max_size)
{
    size = LLVMFuzzerMutate(data, size, max_size);
    if (__msan_unpoison)
        __msan_unpoison(data, size);
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    if (fuzz_engine_alone)
        return LLVMFuzzerMutate(data, size, max_size);
    return mutator_mutate(&form, data, size, max_size, seed, engine_mutate);
}

/* libFuzzer would cross as often as mutate; 0 makes it choose again. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                                 size_t max_size, unsigned int seed)
{
    if (fuzz_engine_alone || seed % 4)
        return 0;
    return mutator_cross(&form, out, max_size, a, a_size, b, b_size, seed);
}
