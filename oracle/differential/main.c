/* SPDX-License-Identifier: Apache-2.0 */
/* lib/ against every oracle. Prints what was covered, how often each cell of the matrix was compared, the digest, and what the
   self-test planted and saw; any of it missing is a failure. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compare.h"
#include "digests.h"
#include "run.h"

static const struct operation *const operations[] = {
    &operation_cmac, &operation_gmac,       &operation_hmac,    &operation_sha512,
    &operation_kdf,  &operation_derive_key, &operation_preauth, &operation_sign,
};
#define OPERATIONS (sizeof operations / sizeof *operations)

static const char usage[] =
    "usage: differential [--operation=NAME] [--cases=N] [--seed=N] [--digests=FILE] [--only=CASE] "
    "[--plant=OPERATION:ORACLE] [--from=ORACLE --print-digests=N,N]\n"
    "  --operation=NAME   cmac gmac hmac sha512 kdf derive_key preauth sign; all of them if not given\n"
    "  --cases=N          how many cases of each operation (100000)\n"
    "  --digests=FILE     demand the digest that FILE has for this operation, seed and number of cases\n"
    "  --only=CASE        one case alone, as a report gives it\n"
    "  --plant=OP:ORACLE  a wrong bit in that cell of the matrix, or in lib's answers (lib), to see a report\n"
    "  --from=ORACLE      take that oracle's answers in place of lib/'s\n"
    "  --print-digests=N  print FILE's lines for these numbers of cases, ascending, and nothing else\n";

struct options {
    const char *operation, *digests, *from, *print_digests, *plant;
    uint64_t cases, seed, only;
};

static bool take(const char *argument, const char *name, const char **value)
{
    size_t len = strlen(name);
    if (strncmp(argument, name, len) != 0 || argument[len] != '=')
        return false;
    *value = argument + len + 1;
    return true;
}

static uint64_t number(const char *argument, const char *text)
{
    char *end;
    errno = 0;
    uint64_t n = strtoull(text, &end, 0);
    if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && n != UINT64_MAX)
        return n;
    fprintf(stderr, "%s: not a number\n%s", argument, usage);
    exit(2);
}

static struct options options_read(int argc, char **argv)
{
    struct options o = {.cases = 100000, .seed = DIGEST_SEED, .only = UINT64_MAX};
    const char *text;
    for (int i = 1; i < argc; i++) {
        if (take(argv[i], "--operation", &o.operation) || take(argv[i], "--digests", &o.digests) ||
            take(argv[i], "--from", &o.from) || take(argv[i], "--print-digests", &o.print_digests) ||
            take(argv[i], "--plant", &o.plant))
            continue;
        if (take(argv[i], "--cases", &text)) {
            o.cases = number(argv[i], text);
        } else if (take(argv[i], "--seed", &text)) {
            o.seed = number(argv[i], text);
        } else if (take(argv[i], "--only", &text)) {
            o.only = number(argv[i], text);
        } else {
            bool help = strcmp(argv[i], "--help") == 0;
            fprintf(help ? stdout : stderr, "%s", usage);
            exit(help ? 0 : 2);
        }
    }
    return o;
}

static size_t oracle_named(const char *name)
{
    if (name == NULL)
        return SIZE_MAX;
    for (size_t i = 0; i < diff_oracle_count(); i++)
        if (strcmp(diff_oracle(i)->name, name) == 0)
            return i;
    fprintf(stderr, "no oracle is called %s\n", name);
    exit(2);
}

/* Puts the plant where --plant says; true if that is lib/'s answers. */
static bool plant(const char *where)
{
    if (where == NULL)
        return false;
    for (int op = 0; op < ORACLE_OPERATIONS; op++) {
        const char *name = diff_operation_name((enum oracle_operation)op);
        size_t len = strlen(name);
        if (strncmp(where, name, len) != 0 || where[len] != ':')
            continue;
        if (strcmp(where + len + 1, "lib") == 0)
            return true;
        diff_plant((enum oracle_operation)op, oracle_named(where + len + 1), 37);
        return false;
    }
    fprintf(stderr, "--plant=%s: neither an operation of the matrix nor a colon and an oracle behind it\n%s", where,
            usage);
    exit(2);
}

struct counts {
    uint64_t cells[ORACLE_OPERATIONS][DIFF_ORACLES_MAX], exceptions[DIFF_ORACLES_MAX][ORACLE_EXCEPTIONS_MAX];
};

static struct counts counts_now(void)
{
    struct counts now = {0};
    for (size_t i = 0; i < diff_oracle_count(); i++) {
        for (int op = 0; op < ORACLE_OPERATIONS; op++)
            now.cells[op][i] = diff_cell_count((enum oracle_operation)op, i);
        for (size_t e = 0; e < diff_oracle(i)->exception_count; e++)
            now.exceptions[i][e] = diff_exception_count(i, e);
    }
    return now;
}

/* Every exception of the oracles that concerns the operation, also one that no question met. */
static void exceptions_print(const struct operation *operation, const struct counts *before)
{
    for (size_t i = 0; i < diff_oracle_count(); i++)
        for (size_t n = 0; n < diff_oracle(i)->exception_count; n++) {
            const struct oracle_exception *e = &diff_oracle(i)->exceptions[n];
            unsigned concerns = e->operation == ORACLE_OPERATIONS ? ~0u : ORACLE_BIT(e->operation);
            if (operation->asks & concerns)
                printf("  %s, %s: %" PRIu64 " questions (%s)\n", diff_oracle(i)->name,
                       e->then == ORACLE_NOT_ASKED ? "not asked" : "asked in other words",
                       diff_exception_count(i, n) - before->exceptions[i][n], e->why);
        }
}

/* How often each cell was compared since `before`. None may be zero that the matrix fills. */
static bool cells_print(const struct operation *operation, const struct counts *before)
{
    bool filled = true;
    for (int op = 0; op < ORACLE_OPERATIONS; op++)
        for (size_t i = 0; i < diff_oracle_count() && operation->asks & ORACLE_BIT(op); i++) {
            enum oracle_operation asked = (enum oracle_operation)op;
            uint64_t compared = diff_cell_count(asked, i) - before->cells[op][i];
            printf("  %s of %s, %s, family %s: %" PRIu64 " compared\n", diff_operation_name(asked),
                   diff_oracle(i)->name, diff_how(asked, i), diff_family(asked, i), compared);
            if (diff_offers(asked, i) && compared == 0) {
                printf("  EMPTY cell\n");
                filled = false;
            }
        }
    exceptions_print(operation, before);
    return filled;
}

static bool test(const struct operation *operation, const struct options *o)
{
    struct run run;
    struct counts before = counts_now();
    clock_t start = clock();
    run_init(&run, operation, o->seed, plant(o->plant) ? compare_flipped : compare_answer);
    printf("%s: %" PRIu64 " cases, seed 0x%016" PRIx64 "\n", operation->name, o->cases, o->seed);
    run_cases(&run, o->cases);
    bool ok = strata_print(&run.strata);
    ok &= cells_print(operation, &before);
    if (o->digests)
        ok &= digest_demand(o->digests, &run);
    else
        printf("  digest 0x%016" PRIx64 ", compared with none\n", run.digest);
    ok &= compare_self_test(operation, o->seed);
    printf("  %s, %.2f s of CPU\n", ok ? "passed" : "FAILED", (double)(clock() - start) / CLOCKS_PER_SEC);
    run_free(&run);
    return ok;
}

static void only_case(const struct operation *operation, const struct options *o)
{
    struct run run;
    run_init(&run, operation, o->seed, plant(o->plant) ? compare_flipped : compare_answer);
    run.index = o->only;
    run_cases(&run, o->only + 1);
    printf("%s, case %" PRIu64 ": no disagreement\n", operation->name, o->only);
    run_free(&run);
}

static void digests_print(const struct operation *operation, const struct options *o)
{
    struct run run;
    run_init(&run, operation, o->seed, compare_answer);
    run.from = oracle_named(o->from);
    for (const char *at = o->print_digests; *at; at += strcspn(at, ","), at += *at == ',') {
        run_cases(&run, strtoull(at, NULL, 10));
        digest_print(&run);
    }
    run_free(&run);
}

int main(int argc, char **argv)
{
    struct options o = options_read(argc, argv);
    bool ok = true;
    size_t ran = 0;
    diff_init();
    if (o.print_digests)
        printf(
            "# Operation, seed, cases, digest of all questions and answers (FNV-1a, 64 bits); the answers are those of "
            "%s.\n"
            "# bazel run //oracle/differential -- --from=openssl3 --print-digests=12500,130000,310000 >digests.txt\n",
            o.from ? o.from : "lib");
    for (size_t i = 0; i < diff_oracle_count() && !o.print_digests; i++)
        printf("oracle %s: %s\n", diff_oracle(i)->name, diff_version(i));
    for (size_t i = 0; i < OPERATIONS; i++) {
        if (o.operation && strcmp(o.operation, operations[i]->name) != 0)
            continue;
        ran++;
        if (o.print_digests)
            digests_print(operations[i], &o);
        else if (o.only != UINT64_MAX)
            only_case(operations[i], &o);
        else
            ok &= test(operations[i], &o);
    }
    if (ran == 0) {
        fprintf(stderr, "no operation is called %s\n%s", o.operation, usage);
        return 2;
    }
    if (!o.print_digests && o.only == UINT64_MAX)
        printf("%zu operations, %" PRIu64 " cases: %s\n", ran, ran * o.cases, ok ? "passed" : "FAILED");
    return ok ? 0 : 1;
}
