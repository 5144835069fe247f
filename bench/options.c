/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "options.h"

#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: measure [options]\n"
    "  --json FILE      where the result goes (default: standard output)\n"
    "  --only PATTERN   only cells whose name matches, as in \"single/cmac/*\"; may be given again\n"
    "  --list           print the names of the cells\n"
    "  --rounds N       samples of everybody in every cell (default 25), above 5 in fives\n"
    "  --seconds N      as many rounds as fit in about this time, 5 at least\n"
    "  --quick          few and short samples: shows that it works, not how fast\n"
    "  --require-all    a missing peer is a failure\n"
    "  --cpu N          the core to run on (default: the one it starts on)\n"
    "  --without NAME   masks avx512, vaes (with VPCLMULQDQ) or avx2 off, for ours and for the peers that use it\n"
    "  --peers FOLDER   where libpeer_NAME.so are (default: beside this program)\n";

const char *const options_feature[OPTIONS_FEATURES] = {"avx512", "vaes", "avx2"};

static bool feature(const char *name, unsigned *set)
{
    for (unsigned i = 0; i < OPTIONS_FEATURES; i++)
        if (strcmp(name, options_feature[i]) == 0) {
            *set |= 1u << i;
            return true;
        }
    fprintf(stderr, "measure: --without knows avx512, vaes and avx2, not \"%s\"\n", name);
    return false;
}

static bool number(const char *option, const char *text, long most, long *out)
{
    char *end;
    errno = 0;
    *out = strtol(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && *out >= 0 && *out <= most)
        return true;
    fprintf(stderr, "measure: --%s wants a number from 0 to %ld, not \"%s\"\n", option, most, text);
    return false;
}

static void beside_program(char folder[PEER_FOLDER_MAX], const char *program)
{
    ssize_t len = -1;
    if (strchr(program, '/')) /* where runfiles put it, not what they link to */
        len = snprintf(folder, PEER_FOLDER_MAX, "%s", program);
    else
        len = readlink("/proc/self/exe", folder, PEER_FOLDER_MAX - 1);
    folder[len < 0 || len >= PEER_FOLDER_MAX ? 0 : len] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
}

/* In each pass 5 rounds: what disturbs a pass disturbs a fifth of a cell's samples. */
static void set_rounds(struct options *o, size_t rounds)
{
    o->rounds = rounds < 5 ? rounds : 5;
    o->passes = (rounds + 4) / 5;
}

bool options_read(struct options *o, int argc, char **argv)
{
    enum { JSON, ONLY, LIST, ROUNDS, QUICK, ALL, CPU, PEERS, SECONDS, WITHOUT };
    static const struct option known[] = {
        {"json", required_argument, NULL, JSON},
        {"only", required_argument, NULL, ONLY},
        {"list", no_argument, NULL, LIST},
        {"rounds", required_argument, NULL, ROUNDS},
        {"quick", no_argument, NULL, QUICK},
        {"require-all", no_argument, NULL, ALL},
        {"cpu", required_argument, NULL, CPU},
        {"peers", required_argument, NULL, PEERS},
        {"seconds", required_argument, NULL, SECONDS},
        {"without", required_argument, NULL, WITHOUT},
        {0},
    };
    memset(o, 0, sizeof *o);
    o->json = "-";
    o->target_ns = 50e3;
    o->cpu = -1;
    o->progress = isatty(2);
    o->argc = argc;
    o->argv = argv;
    set_rounds(o, 25);
    beside_program(o->peers, argv[0]);
    long value = 0;
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        bool ok = true;
        if (option == JSON)
            o->json = optarg;
        else if (option == ONLY)
            (ok = o->only_count < OPTIONS_ONLY_MAX) ? (void)(o->only[o->only_count++] = optarg) : (void)0;
        else if (option == LIST)
            o->list = true;
        else if (option == ROUNDS)
            ok = number("rounds", optarg, 100000, &value) && value > 0;
        else if (option == QUICK)
            o->quick = true;
        else if (option == ALL)
            o->require_all = true;
        else if (option == CPU)
            ok = number("cpu", optarg, 4095, &value);
        else if (option == PEERS)
            ok = snprintf(o->peers, sizeof o->peers, "%s", optarg) < (int)sizeof o->peers;
        else if (option == SECONDS)
            ok = number("seconds", optarg, 86400, &value);
        else if (option == WITHOUT)
            ok = feature(optarg, &o->without);
        else
            ok = false;
        if (!ok) {
            fputs(usage, stderr);
            return false;
        }
        if (option == ROUNDS)
            set_rounds(o, (size_t)value);
        if (option == SECONDS)
            o->seconds = (double)value;
        if (option == CPU)
            o->cpu = (int)value;
        if (option == QUICK) {
            set_rounds(o, 1);
            o->target_ns = 2e3;
        }
    }
    if (optind != argc) {
        fprintf(stderr, "measure: what is \"%s\"?\n%s", argv[optind], usage);
        return false;
    }
    return true;
}

size_t options_select(const struct options *o, struct plan *plans, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool keep = o->only_count == 0;
        for (size_t j = 0; !keep && j < o->only_count; j++)
            keep = fnmatch(o->only[j], plans[i].id, 0) == 0;
        if (keep) {
            struct plan plan = plans[i];
            plans[kept++] = plan;
        }
    }
    return kept;
}
