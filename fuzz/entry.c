/* SPDX-License-Identifier: Apache-2.0 */
/* The entry points that libFuzzer, AFL++ and the replay driver call. Each input runs in a heap block of exactly its size, so
   that one byte read behind it is seen, and the block is compared with the original afterwards, so that a write is. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "inputs.h"

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

static uint64_t run_once(const uint8_t *input, size_t size)
{
    uint8_t *block = calloc(size ? size : 1, 1);
    if (!block)
        abort();
    if (size)
        memcpy(block, input, size);
    outcome = UINT64_C(0xcbf29ce484222325);
    fuzz_this.one(size ? block : block + 1, size); /* an empty input ends its block too */
    CHECK(!size || !memcmp(block, input, size), "the input is not written to");
    free(block);
    return outcome;
}

uint64_t fuzz_run(const uint8_t *input, size_t size, bool again)
{
    uint64_t first = run_once(input, size);
    CHECK(!again || run_once(input, size) == first, "the same input gives the same outcome");
    return first;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    /* While fuzzing, one input in eight runs twice; which ones depends on the input alone. Replay runs all twice. */
    fuzz_run(input, size, !size || ((input[size / 2] ^ input[size - 1]) + size) % 8 == 0);
    return 0;
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
