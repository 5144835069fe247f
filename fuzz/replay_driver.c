/* SPDX-License-Identifier: Apache-2.0 */
/* Replays files and folders through a fuzz target: any compiler, any sanitizer, no fuzzing engine. Every input runs twice and
   must give the same outcome, keep to the limits, and give back its memory.
     --outcomes   print each input's outcome
     --backward   the inputs in reverse order
     --apart      each input in a process of its own, which begins as the first one did
     --stats      say how many inputs get past the target's first length check
   Other arguments starting with '-' are libFuzzer's and mean nothing here. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "inputs.h"
#include "watchdog.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct {
    bool outcomes, backward, apart, stats;
} options;

typedef struct result {
    uint64_t outcome;
    bool long_enough;
} result;

static struct {
    uint64_t digest;
    size_t long_enough;
} total = {UINT64_C(0xcbf29ce484222325), 0};

static result run(const char *path, const uint8_t *data, size_t size)
{
    watchdog_input(path);
    fuzz_was_too_short = false;
    result r = {fuzz_run(data, size, true), false};
    r.long_enough = !fuzz_was_too_short;
    watchdog_input(NULL);
    return r;
}

/* In a child, which hands the result back through a pipe. */
static result run_apart(const char *path, const uint8_t *data, size_t size)
{
    int ends[2], status = 0;
    result r;
    fflush(stdout);
    pid_t child = pipe(ends) ? -1 : fork();
    if (child < 0) {
        perror("replay: no process for an input");
        exit(2);
    }
    if (!child) {
        watchdog_start(); /* a child has no timer */
        r = run(path, data, size);
        _exit(write(ends[1], &r, sizeof r) == (ssize_t)sizeof r ? 0 : 2);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &r, sizeof r);
    close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (got != (ssize_t)sizeof r || status) {
        fprintf(stderr, "%s: %s: ended alone with status %d\n", fuzz_this.name, path, status);
        exit(1);
    }
    return r;
}

static void replay(const char *path, const uint8_t *data, size_t size, void *unused)
{
    (void)unused;
    result r = options.apart ? run_apart(path, data, size) : run(path, data, size);
    total.digest = (total.digest ^ r.outcome) * UINT64_C(0x100000001b3);
    total.long_enough += r.long_enough;
    if (options.outcomes)
        printf("%016" PRIx64 " %s\n", r.outcome, path);
}

static void read_options(int argc, char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        options.outcomes |= !strcmp(argv[i], "--outcomes");
        options.backward |= !strcmp(argv[i], "--backward");
        options.apart |= !strcmp(argv[i], "--apart");
        options.stats |= !strcmp(argv[i], "--stats");
    }
}

int main(int argc, char **argv)
{
    size_t inputs = 0;
    LLVMFuzzerInitialize(&argc, &argv);
    read_options(argc, argv);
    if (options.outcomes)
        setvbuf(stdout, NULL, _IOLBF, 0); /* what was printed tells which input ended the process */
    watchdog_start();
    for (int i = 1; i < argc; i++) {
        const char *path = argv[options.backward ? argc - i : i];
        if (path[0] != '-')
            inputs += inputs_each(path, options.backward, replay, NULL);
    }
    if (options.stats)
        printf("%s: %zu of %zu inputs get past the first length check\n", fuzz_this.name, total.long_enough, inputs);
    printf("%s: %zu inputs, outcome %016" PRIx64 "\n", fuzz_this.name, inputs, total.digest);
    if (inputs)
        return 0;
    fprintf(stderr, "%s: no input was replayed\n", fuzz_this.name);
    return 2;
}
