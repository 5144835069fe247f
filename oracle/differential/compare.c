/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing, and proof that comparing sees: see compare.h. */
#define _POSIX_C_SOURCE 200809L
#include "compare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/report.h"

#define PLANTED_CASES 200

/* Does the report of a disagreement give another value than the first for the oracles of the set, and for no other? */
static bool report_names(const struct diff_question *question, const uint8_t *value, unsigned differing)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        abort();
    report_disagreement(out, question, "self-test", "lib", value);
    fclose(out);
    unsigned named = 0, told = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        for (size_t i = 0; i < diff_oracle_count(); i++) {
            size_t len = strlen(diff_oracle(i)->name);
            const char *number = strstr(line, "value ");
            if (strncmp(line, "    ", 4) != 0 || strncmp(line + 4, diff_oracle(i)->name, len) != 0 ||
                line[4 + len] != ' ' || number == NULL)
                continue;
            told++;
            if (strtoul(number + strlen("value "), NULL, 10) != 1)
                named |= 1u << i;
        }
    free(text);
    unsigned answering = 0;
    for (size_t i = 0; i < diff_oracle_count(); i++)
        answering += diff_offers(question->operation, i);
    return named == differing && told == answering;
}

static void planted_answer(struct run *run, const struct diff_question *question, uint8_t *value)
{
    bool here = question->operation == run->planted_operation;
    unsigned expected = here ? run->expected : 0;
    unsigned differing = diff_differing(question, value);
    if (differing != expected || !report_names(question, value, expected))
        run->wrong_cells++;
    run->planted_answers += here;
}

void compare_answer(struct run *run, const struct diff_question *question, const char *who, uint8_t *value)
{
    if (run->planting) {
        planted_answer(run, question, value);
        return;
    }
    char origin[160] = "";
    if (diff_differing(question, value)) {
        run_origin(run, origin);
        diff_compare(question, origin, who, value);
    }
    if (run->from != SIZE_MAX && !diff_ask(run->from, question, value)) {
        fprintf(stderr, "%s does not have %s\n", diff_oracle(run->from)->name,
                diff_operation_name(question->operation));
        abort();
    }
}

void compare_flipped(struct run *run, const struct diff_question *question, const char *who, uint8_t *value)
{
    size_t bit = (size_t)run->index % (8 * question->answer_len);
    value[bit / 8] ^= (uint8_t)(1u << bit % 8);
    compare_answer(run, question, who, value);
    value[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

/* Runs cases with the plant in place; oracle SIZE_MAX plants in lib/'s answer. */
static bool one_plant(const struct operation *operation, uint64_t seed, enum oracle_operation asked, size_t oracle)
{
    struct run run;
    bool lib = oracle == SIZE_MAX;
    run_init(&run, operation, seed, lib ? compare_flipped : compare_answer);
    run.planting = true;
    run.planted_operation = asked;
    run.expected = 0;
    for (size_t i = 0; i < diff_oracle_count(); i++)
        if (diff_offers(asked, i) && (lib || i == oracle))
            run.expected |= 1u << i;
    for (uint64_t i = 0; i < PLANTED_CASES; i++) {
        if (!lib)
            diff_plant(asked, oracle, (size_t)i * 37);
        run_cases(&run, i + 1);
    }
    diff_plant(asked, SIZE_MAX, 0);
    printf("  planted in %s of %s: %" PRIu64 " wrong answers, %u not seen or named elsewhere\n",
           diff_operation_name(asked), lib ? "lib" : diff_oracle(oracle)->name, run.planted_answers, run.wrong_cells);
    bool seen = run.planted_answers > 0 && run.wrong_cells == 0;
    run_free(&run);
    return seen;
}

bool compare_self_test(const struct operation *operation, uint64_t seed)
{
    bool seen = true;
    for (int asked = 0; asked < ORACLE_OPERATIONS; asked++) {
        if (!(operation->asks & ORACLE_BIT(asked)))
            continue;
        for (size_t i = 0; i < diff_oracle_count(); i++)
            if (diff_offers((enum oracle_operation)asked, i))
                seen &= one_plant(operation, seed, (enum oracle_operation)asked, i);
        /* With several operations asked, a flip of lib/'s answer shows in all of them. */
        if (operation->asks == ORACLE_BIT(asked))
            seen &= one_plant(operation, seed, (enum oracle_operation)asked, SIZE_MAX);
    }
    return seen;
}
