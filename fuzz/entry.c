/* SPDX-License-Identifier: Apache-2.0 */
/* The entry points that libFuzzer, AFL++ and the replay driver call. Each input runs in a heap block of exactly its size, so
   that one byte read behind it is seen: libFuzzer and the replay driver make one, for AFL++ it is made here (FUZZ_COPY_INPUT).
   Afterwards the block is compared with a copy, so that a write is seen: libFuzzer itself compares only both ends. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"
#include "inputs.h"

#ifndef FUZZ_COPY_INPUT
#define FUZZ_COPY_INPUT 0
#endif

bool fuzz_engine_alone;

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

/* A copy of the input to compare with afterwards. Grown, never given back: what an input does must not depend on it. */
static const uint8_t *keep(const uint8_t *input, size_t size)
{
    static uint8_t *kept;
    static size_t capacity;
    if (size > capacity) {
        free(kept);
        kept = malloc(size);
        if (!kept)
            abort();
        capacity = size;
    }
    if (size)
        memcpy(kept, input, size);
    return kept;
}

static uint64_t run_once(const uint8_t *block, size_t size)
{
    const uint8_t *kept = keep(block, size);
    outcome = UINT64_C(0xcbf29ce484222325);
    fuzz_this.one(block, size);
    CHECK(!size || !memcmp(block, kept, size), "the input is not written to");
    return outcome;
}

uint64_t fuzz_run(const uint8_t *block, size_t size, bool again)
{
    uint64_t first = run_once(block, size);
    CHECK(!again || run_once(block, size) == first, "the same input gives the same outcome");
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

/* With --require_inputs (every test passes it) the paths on the command line must exist and hold an input, none longer than
   -max_len: libFuzzer itself is content with an empty folder, and cuts what is too long without a word. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    int kept = 1;
    bool require = false;
    size_t max_len = SIZE_MAX;
    for (int i = 1; i < *argc; i++) {
        char *a = (*argv)[i];
        if (!strcmp(a, "--require_inputs")) {
            require = true;
            continue;
        }
        if (!strncmp(a, "--if_there=", 11) && !(a = if_there(a)))
            continue;
        if (!strcmp(a, "--no_mutator"))
            fuzz_engine_alone = true; /* and stays there, for the processes that libFuzzer starts */
        if (!strncmp(a, "-max_len=", 9))
            max_len = (size_t)strtoull(a + 9, NULL, 10);
        (*argv)[kept++] = a;
    }
    (*argv)[kept] = NULL;
    *argc = kept;
    if (require)
        inputs_require(kept - 1, *argv + 1, max_len);
    if (fuzz_this.start)
        fuzz_this.start();
    return 0;
}
