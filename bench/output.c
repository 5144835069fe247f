/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "output.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "bounds.h"
#include "peers/countersign.h"

static const char *const algorithm_name[PEER_ALGORITHMS] = {"cmac", "gmac", "hmac"};

#ifdef __clang__
static const char compiler[] = __VERSION__;
#else
static const char compiler[] = "GCC " __VERSION__;
#endif

static json_t *cpu_name(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[4096], family[32] = "?", model[32] = "?", name[256] = "unknown";
    while (file && fgets(line, sizeof line, file)) {
        sscanf(line, "cpu family : %31s", family);
        sscanf(line, "model : %31s", model);
        sscanf(line, "model name : %255[^\n]", name);
    }
    if (file)
        fclose(file);
    return json_sprintf("%s, family %s model %s", name, family, model);
}

static json_t *machine(const struct options *o)
{
    struct utsname system;
    char date[32] = "";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc))
        strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", &utc);
    uname(&system);
    return json_pack("{s:o, s:s+++, s:s, s:i, s:s}", "cpu", cpu_name(), "system", system.sysname, " ", system.release,
                     "", "architecture", system.machine, "core", o->cpu, "date", date);
}

static json_t *command(const struct options *o)
{
    json_t *words = json_array();
    for (int i = 1; i < o->argc; i++) {
        if (strcmp(o->argv[i], "--json") == 0 || strcmp(o->argv[i], "--peers") == 0)
            i++; /* where files lie says nothing of the run */
        else
            json_array_append_new(words, json_string(o->argv[i]));
    }
    return words;
}

static json_t *peer_object(const char *name, const char *title, const char *package, const char *version,
                           const char *why, const struct peer *peer)
{
    json_t *how = json_object();
    for (int a = 0; peer && a < PEER_ALGORITHMS; a++)
        if (peer->calls[a].how)
            json_object_set_new(how, algorithm_name[a], json_string(peer->calls[a].how));
    for (int b = 0; peer && b < PEER_BATCHES; b++)
        if (peer->batches[b].form)
            json_object_set_new(how, peer->batches[b].form, json_string(peer->batches[b].how));
    if (peer && peer->sha512_how)
        json_object_set_new(how, "sha512", json_string(peer->sha512_how));
    if (peer && peer->kdf_how)
        json_object_set_new(how, "kdf", json_string(peer->kdf_how));
    return json_pack("{s:s, s:s, s:s, s:s?, s:b, s:s?, s:o}", "name", name, "title", title, "package", package,
                     "version", version, "measured", peer != NULL, "why_not", peer ? NULL : why, "how", how);
}

static json_t *peer_list(void)
{
    json_t *list = json_array();
    json_array_append_new(list, peer_object("countersign", "countersign", "", "this tree", NULL, &countersign_sign));
    for (size_t i = 0; i < PEER_COUNT; i++)
        json_array_append_new(list, peer_object(peers[i].name, peers[i].title, peers[i].package, peers[i].version,
                                                peers[i].why, peers[i].peer));
    return list;
}

static json_t *backends(void)
{
    json_t *names = json_object();
    for (int a = 0; a < PEER_ALGORITHMS; a++)
        json_object_set_new(names, algorithm_name[a], json_string(countersign_backend((enum peer_algorithm)a)));
    return names;
}

static json_t *contender(const char *peer, const char *form, struct samples *samples)
{
    struct summary s = samples_summary(samples);
    return json_pack("{s:s, s:s, s:f, s:f, s:f, s:f, s:i, s:I}", "peer", peer, "form", form, "ns", s.median, "least",
                     s.least, "quarter", s.quarter, "three_quarters", s.three_quarters, "samples", (int)samples->count,
                     "times", (json_int_t)samples->times);
}

static json_t *cell(struct plan *p)
{
    json_t *contenders = json_array();
    struct summary cycle = samples_summary(&p->samples[CELL_CONTENDERS_MAX]);
    for (size_t i = 0; i < p->contender_count; i++)
        json_array_append_new(contenders, contender(p->who[i][0], p->who[i][1], &p->samples[i]));
    return json_pack("{s:s, s:s, s:s?, s:I, s:I, s:I, s:f, s:o}", "id", p->id, "work", p->work, "algorithm",
                     p->algorithm < 0 ? NULL : algorithm_name[p->algorithm], "len", (json_int_t)p->len, "messages",
                     (json_int_t)p->count, "bytes", (json_int_t)p->bytes, "cycle_ns", cycle.median / CYCLES_PER_RUN,
                     "contenders", contenders);
}

static json_t *words(const char *const *words, size_t count, unsigned set)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (set >> i & 1)
            json_array_append_new(list, json_string(words[i]));
    return list;
}

/* Instruction loops that this CPU cannot run, with what it lacks. */
static json_t *bounds_skipped(void)
{
    json_t *skipped = json_object();
    for (size_t i = 0; i < bound_count; i++)
        if (bound_missing(bound_at(i)))
            json_object_set_new(skipped, bound_at(i)->name, json_string(bound_missing(bound_at(i))));
    return skipped;
}

bool output_json(FILE *file, const struct options *o, struct plan *plans, size_t count)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(cells, cell(&plans[i]));
    json_t *root =
        json_pack("{s:i, s:o, s:s, s:o, s:o, s:o, s:b, s:i, s:f, s:o, s:o, s:o, s:i, s:o}", "format", 1, "machine",
                  machine(o), "compiler", compiler, "options", command(o), "only", words(o->only, o->only_count, ~0u),
                  "without", words(options_feature, OPTIONS_FEATURES, o->without), "quick", o->quick, "rounds",
                  (int)(o->passes * o->rounds), "sample_ns", o->target_ns, "peers", peer_list(), "backends", backends(),
                  "bounds_skipped", bounds_skipped(), "bound_instructions", BOUNDS_PER_RUN, "cells", cells);
    if (root == NULL)
        return false;
    bool ok = json_dumpf(root, file, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0 && fputc('\n', file) != EOF;
    ok = fclose(file) == 0 && ok;
    json_decref(root);
    return ok;
}
