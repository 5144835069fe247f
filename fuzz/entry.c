/* SPDX-License-Identifier: Apache-2.0 */
/* The entry points that libFuzzer, AFL++ and the replay driver call. Each input runs in a heap block of exactly its size, so
   that one byte read behind it is seen: libFuzzer and the replay driver make one, for AFL++ it is made here (FUZZ_COPY_INPUT).
   Afterwards the block is compared with a copy, so that a write is seen: libFuzzer itself compares only both ends.
   And each input must keep to the target's limits (limits.h). Here it is held to its length and its processor time, which no
   engine looks at, and but for libFuzzer, which does that itself, to giving back its memory and needing no more than the limit. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* CLOCK_MONOTONIC_COARSE */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "allocations.h"
#include "fuzz.h"
#include "inputs.h"
#include "limits.h"

#ifndef FUZZ_COPY_INPUT
#define FUZZ_COPY_INPUT 0
#endif
#ifndef FUZZ_COUNT_ALLOCATIONS
#define FUZZ_COUNT_ALLOCATIONS 1
#endif

bool fuzz_engine_alone;

#ifdef FUZZ_AFL_CMPLOG
/* The launcher looks for it: afl-fuzz must be told, and nothing else tells such a build from a plain one. */
__attribute__((used)) static const char built_for[] = "fuzz: built for cmplog";
#endif

static uint64_t outcome;

/* FNV-1a, eight bytes a step: cheap, and any difference shows. */
void fuzz_outcome_number(uint64_t number)
{
    outcome = (outcome ^ number) * UINT64_C(0x100000001b3);
    outcome ^= outcome >> 29;
}

void fuzz_outcome(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    fuzz_outcome_number(len);
    for (; len >= 8; p += 8, len -= 8)
        fuzz_outcome_number(fuzz_le64(p));
    for (; len; p++, len--)
        fuzz_outcome_number(*p);
}

static uint8_t *copy; /* of max_len bytes: the input, to compare with afterwards */

static int64_t milliseconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t timed(clockid_t clock, const uint8_t *block, size_t size)
{
    int64_t start = milliseconds(clock);
    outcome = UINT64_C(0xcbf29ce484222325);
    fuzz_this.one(block, size);
    return milliseconds(clock) - start;
}

/* The processor's clock is a system call: too dear for each input under libFuzzer, where an input may take a microsecond. The coarse
   clock on the wall costs next to nothing; what is slow by that one is run again, by the other. AFL++ is not that quick, and a
   second run because the machine was busy would look to it like another path. */
#define QUICK_CLOCK (FUZZ_COUNT_ALLOCATIONS ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC_COARSE)

static uint64_t run_once(const uint8_t *block, size_t size)
{
    const int64_t limit = fuzz_limit.slow_milliseconds;
    if (size)
        memcpy(copy, block, size);
    if (timed(QUICK_CLOCK, block, size) > limit)
        CHECK(timed(CLOCK_THREAD_CPUTIME_ID, block, size) <= limit, "no input is slow");
    CHECK(!size || !memcmp(block, copy, size), "the input is not written to");
    return outcome;
}

/* What a target makes once, and what stays in a library, is no leak: an input leaks if more is in use after each of four runs. */
static void check_leaks(const uint8_t *block, size_t size, long before)
{
    for (int i = 0; i < 4; i++) {
        if (allocations_live() <= before)
            return;
        before = allocations_live();
        run_once(block, size);
    }
    CHECK(allocations_live() <= before, "an input gives back its memory");
}

uint64_t fuzz_run(const uint8_t *block, size_t size, bool again)
{
    CHECK(size <= fuzz_limit.max_len, "no input is longer than max_len");
    long before = FUZZ_COUNT_ALLOCATIONS ? allocations_live() : 0;
    uint64_t first = run_once(block, size);
    CHECK(!again || run_once(block, size) == first, "the same input gives the same outcome");
    if (FUZZ_COUNT_ALLOCATIONS)
        check_leaks(block, size, before);
    return first;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    /* While fuzzing, one input in sixteen runs twice; which ones depends on the input alone. Replay runs all twice. */
    bool again = !size || ((input[size / 2] ^ input[size - 1]) + size) % 16 == 0;
    if (FUZZ_COPY_INPUT || !size) {
        uint8_t *block = calloc(size ? size : 1, 1);
        if (!block)
            abort();
        if (size)
            memcpy(block, input, size);
        fuzz_run(size ? block : block + 1, size, again); /* an empty input is the end of its block */
        free(block);
    } else {
        fuzz_run(input, size, again);
    }
    return 0;
}

/* The path of --if_there=PATH, or NULL where there is nothing: corpus/T is, for a target whose seeds need no more. */
static char *if_there(char *argument)
{
    char *path = argument + strlen("--if_there=");
    return access(path, F_OK) ? NULL : path;
}

static void too_much(void)
{
    CHECK(false, "an input needs no more memory than the limit");
}

/* With --require_inputs (every test passes it) the paths on the command line must exist and hold an input. None may be longer
   than max_len, ever: both engines are content with an empty folder, and cut what is too long without a word. With
   --check_inputs that is all that is done: before afl-fuzz, which keeps to itself what a target says. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    int kept = 1;
    bool require = false, only_check = false;
    for (int i = 1; i < *argc; i++) {
        char *a = (*argv)[i];
        if (!strcmp(a, "--require_inputs")) {
            require = true;
            continue;
        }
        if (!strcmp(a, "--check_inputs")) {
            only_check = true;
            continue;
        }
        if (!strncmp(a, "--if_there=", 11) && !(a = if_there(a)))
            continue;
        if (!strcmp(a, "--no_mutator"))
            fuzz_engine_alone = true; /* and stays there, for the processes that libFuzzer starts */
        (*argv)[kept++] = a;
    }
    (*argv)[kept] = NULL;
    *argc = kept;
    inputs_check(kept - 1, *argv + 1, fuzz_limit.max_len, require);
    if (only_check)
        exit(0);
    copy = malloc(fuzz_limit.max_len);
    if (!copy)
        abort();
    if (fuzz_this.start)
        fuzz_this.start();
    if (FUZZ_COUNT_ALLOCATIONS && !allocations_watch(fuzz_limit.memory, too_much))
        fprintf(stderr, "%s: this build cannot count allocations: leaks and memory are not looked at\n",
                fuzz_this.name);
    return 0;
}
