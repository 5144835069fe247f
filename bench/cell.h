/* SPDX-License-Identifier: Apache-2.0 */
/* A cell: one piece of work, and everybody who does it. A plan lists the cells; each is built when its turn comes, its answers are
   compared, it is sampled and taken down again, in every pass of the run. */
#ifndef BENCH_CELL_H
#define BENCH_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load.h"
#include "samples.h"

#define CELL_CONTENDERS_MAX 24
#define CELL_ID_MAX 48

/* One implementation of the cell's work. */
struct contender {
    const struct peer *peer; /* NULL: nobody's (instruction loops) */
    const char *form;        /* "sign", "batch", ...: what of the peer's */
    bool (*run)(void *state, uint64_t times);
    bool (*answer)(void *state,
                   uint8_t *out); /* does the work once and writes what came out; NULL: nothing to compare */
    void (*free)(void *state);
    void *state;
};

struct plan;

struct cell {
    const struct plan *plan;
    size_t answer_len, contender_count;
    struct contender contenders[CELL_CONTENDERS_MAX];
    void *shared; /* what contenders have in common */
    void (*shared_free)(void *shared);
};

enum keys { KEYS_ONE, KEYS_EACH };
enum mix { MIX_UNIFORM, MIX_LOG_UNIFORM };

/* What is to be measured, and later the result. */
struct plan {
    char id[CELL_ID_MAX]; /* "batch/cmac/1024/16/one" */
    const char *work;     /* its first word */
    bool (*build)(struct cell *cell, const struct plan *plan);
    int algorithm;     /* peer_algorithm; -1: none or several */
    size_t len, count; /* bytes of each message (0: they differ), messages */
    enum keys keys;
    enum mix mix;
    uint64_t bytes;                                  /* in one run */
    struct samples samples[CELL_CONTENDERS_MAX + 1]; /* the last is the cycle's */
    char who[CELL_CONTENDERS_MAX][2][32];            /* peer's name and form of each */
    size_t contender_count;
};

/* The whole list, in the order of the report. NULL: no memory. */
struct plan *plan_all(size_t *count);
void plan_free(struct plan *plans, size_t count);

/* One for each kind of work. */
bool build_single(struct cell *cell, const struct plan *plan);
bool build_latency(struct cell *cell, const struct plan *plan);
bool build_fresh(struct cell *cell, const struct plan *plan);
bool build_batch(struct cell *cell, const struct plan *plan);
bool build_mixed(struct cell *cell, const struct plan *plan);
bool build_keys(struct cell *cell, const struct plan *plan);
bool build_sha512(struct cell *cell, const struct plan *plan);
bool build_preauth(struct cell *cell, const struct plan *plan);
bool build_negotiate(struct cell *cell, const struct plan *plan);
bool build_bounds(struct cell *cell, const struct plan *plan);

void cell_free(struct cell *cell);

/* Appends a contender that owns state. False if there is no room. */
bool cell_add(struct cell *cell, struct contender contender);

/* Compares everybody's answers. False with the names of those that differ from most in error. */
bool cell_check(struct cell *cell, char error[512]);

#endif
