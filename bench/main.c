/* SPDX-License-Identifier: Apache-2.0 */
/* Measures everything and writes it as JSON; bench.py makes something to read of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "options.h"
#include "output.h"
#include "peers/countersign.h"
#include "pin.h"

static void fatal(const char *what, const char *why)
{
    fprintf(stderr, "measure: %s%s%s\n", what, why[0] ? ": " : "", why);
    exit(1);
}

static void remember(struct plan *plan, const struct cell *cell)
{
    plan->contender_count = cell->contender_count;
    for (size_t i = 0; i < cell->contender_count; i++) {
        const struct contender *c = &cell->contenders[i];
        snprintf(plan->who[i][0], sizeof plan->who[i][0], "%s", c->peer ? c->peer->name : "");
        snprintf(plan->who[i][1], sizeof plan->who[i][1], "%s", c->form);
    }
}

/* One visit to a cell: everybody in turn, each round starting with the next. */
static void visit(struct plan *plan, const struct options *options, bool first)
{
    struct cell cell = {.plan = plan};
    char why[512];
    if (!plan->build(&cell, plan))
        fatal(plan->id, "cannot be built: out of memory");
    if (first) {
        remember(plan, &cell);
        if (!cell_check(&cell, why))
            fatal(plan->id, why);
    }
    size_t n = cell.contender_count;
    for (size_t round = 0; round < options->rounds; round++) {
        if (!samples_take(&plan->samples[CELL_CONTENDERS_MAX], cycle_run, NULL, options->target_ns))
            fatal(plan->id, "out of memory");
        for (size_t i = 0; i < n; i++) {
            size_t at = (i + round) % n;
            const struct contender *c = &cell.contenders[at];
            if ((!options->quick && !c->run(c->state, 1)) ||
                !samples_take(&plan->samples[at], c->run, c->state, options->target_ns))
                fatal(plan->id, "somebody failed");
        }
    }
    cell_free(&cell);
}

static bool more(const struct options *options, size_t pass, time_t from)
{
    return options->seconds > 0 ? pass == 0 || difftime(time(NULL), from) < options->seconds : pass < options->passes;
}

static void list(const struct plan *plans, size_t count)
{
    for (size_t i = 0; i < count; i++)
        puts(plans[i].id);
}

int main(int argc, char **argv)
{
    struct options options;
    size_t count, missing = 0;
    if (!options_read(&options, argc, argv))
        return 2;
    struct plan *plans = plan_all(&count);
    if (plans == NULL)
        fatal("out of memory", "");
    count = options_select(&options, plans, count);
    if (count == 0)
        fatal("nothing to measure: no cell matches --only", options.only[0]);
    if (options.list) {
        list(plans, count);
        plan_free(plans, count);
        return 0;
    }
    FILE *json = strcmp(options.json, "-") == 0 ? stdout : fopen(options.json, "w");
    if (json == NULL) /* now, not after minutes */
        fatal(options.json, "cannot be written");
    load_peers(options.peers, options.without);
    countersign_sign.start(options.without);
    for (size_t i = 0; i < PEER_COUNT; i++)
        if (peers[i].peer == NULL) {
            fprintf(stderr, "NOT MEASURED: %s (%s)\n", peers[i].title, peers[i].why);
            missing++;
        }
    if (missing && options.require_all)
        fatal("--require-all", "a peer is missing");
    const int wanted = options.cpu;
    options.cpu = pin(wanted);
    if (wanted >= 0 && options.cpu < 0)
        fatal("--cpu", "there is no such core, or this process may not run on it");
    samples_init();
    time_t from = time(NULL);
    for (size_t pass = 0; more(&options, pass, from); pass++) {
        for (size_t i = 0; i < count; i++) {
            if (options.progress)
                fprintf(stderr, "\rpass %zu, %3zu of %zu  %-40s", pass + 1, i + 1, count, plans[i].id);
            visit(&plans[i], &options, pass == 0);
        }
    }
    if (options.progress)
        fprintf(stderr, "\r%70s\r", "");
    if (!output_json(json, &options, plans, count))
        fatal(options.json, "cannot be written");
    plan_free(plans, count);
    return 0;
}
