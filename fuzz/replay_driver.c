/* SPDX-License-Identifier: Apache-2.0 */
/* Replays files and folders through a fuzz target: any compiler, any sanitizer, no fuzzing engine. Every input runs twice and
   must give the same outcome. --outcomes prints each input's; other arguments starting with '-' are libFuzzer's and mean nothing
   here. */
#include <inttypes.h>
#include <stdio.h>

#include "fuzz.h"
#include "inputs.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

static bool outcomes; /* --outcomes */

static void replay(const char *path, const uint8_t *data, size_t size, void *digest)
{
    uint64_t *d = digest, outcome = fuzz_run(data, size, true);
    *d = (*d ^ outcome) * UINT64_C(0x100000001b3);
    if (outcomes)
        printf("%016" PRIx64 " %s\n", outcome, path);
}

int main(int argc, char **argv)
{
    size_t inputs = 0;
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        outcomes = outcomes || !strcmp(argv[i], "--outcomes");
    if (outcomes)
        setvbuf(stdout, NULL, _IOLBF, 0); /* what was printed tells which input ended the process */
    for (int i = 1; i < argc; i++)
        if (argv[i][0] != '-')
            inputs += inputs_each(argv[i], replay, &digest);
    printf("%s: %zu inputs, outcome %016" PRIx64 "\n", fuzz_this.name, inputs, digest);
    if (inputs)
        return 0;
    fprintf(stderr, "%s: no input was replayed\n", fuzz_this.name);
    return 2;
}
