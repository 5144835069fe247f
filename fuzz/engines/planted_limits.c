/* SPDX-License-Identifier: Apache-2.0 */
/* A target that breaks one limit for each first byte: l leaks, h hangs, m eats memory, s is slow; an input of more than max_len
   bytes is too long whatever it holds. No target of the table: planted_limits_test shows that each driver sees each of them. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <time.h>

#include "../fuzz.h"
#include "../limits.h"

static void leak(void)
{
    static uint8_t *volatile last;
    last = malloc(100); /* kept in sight for the compiler's sake, and lost with the next one */
    if (last)
        last[0] = 1;
    last = NULL;
} /* NOLINT(clang-analyzer-unix.Malloc): planted */

static void hang(void)
{
    for (volatile unsigned long spin = 0;; spin++)
        ;
}

/* Asks for more than may be. It is not written to: the pages would take longer than an input may. */
static void eat(void)
{
    uint8_t *volatile block = malloc(fuzz_limit.memory + 1);
    if (!block)
        abort();
    block[0] = 1;
    free(block);
}

static long long used(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void dawdle(void)
{
    const long long start = used(), limit = fuzz_limit.slow_milliseconds;
    while (used() - start < limit + limit / 4)
        ;
}

static void one(const uint8_t *input, size_t size)
{
    void (*const planted[])(void) = {['h'] = hang, ['l'] = leak, ['m'] = eat, ['s'] = dawdle};
    if (size && input[0] < sizeof planted / sizeof *planted && planted[input[0]])
        planted[input[0]]();
}

const fuzz_target fuzz_this = {"planted_limits", NULL, one};
