/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of `measure`. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include "cell.h"

#define OPTIONS_ONLY_MAX 16

struct options {
    const char *json; /* "-": standard output */
    char peers[PEER_FOLDER_MAX];
    const char *only[OPTIONS_ONLY_MAX];
    size_t only_count, passes, rounds; /* every pass visits all cells for so many rounds */
    double seconds;                    /* passes go on for so long; 0: count them */
    unsigned without;                  /* of PEER_AVX512 ... */
    double target_ns;                  /* length of a sample */
    int cpu;                           /* -1: where it runs */
    bool list, require_all, progress, quick;
    int argc;
    char **argv;
};

/* False with a message on stderr. */
bool options_read(struct options *options, int argc, char **argv);

/* The names of --without, by bit. */
#define OPTIONS_FEATURES 3
extern const char *const options_feature[OPTIONS_FEATURES];

/* Moves the plans that --only names to the front and returns how many they are. */
size_t options_select(const struct options *options, struct plan *plans, size_t count);

#endif
