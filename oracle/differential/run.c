/* SPDX-License-Identifier: Apache-2.0 */
/* The loop over cases, and the digest: FNV-1a, 64 bits, over every question and answer with their lengths, so that it tells
   machines and compilers apart that compute, or choose, anything differently. See run.h. */
#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void run_init(struct run *run, const struct operation *operation, uint64_t seed, answer_fn *answered)
{
    *run = (struct run){.operation = operation,
                        .seed = seed,
                        .answered = answered,
                        .digest = UINT64_C(0xcbf29ce484222325),
                        .from = SIZE_MAX};
    strata_init(&run->strata, operation->families, operation->family_count);
    run->buffer = malloc(MESSAGE_MAX + 64);
    if (run->buffer == NULL)
        abort();
}

void run_free(struct run *run)
{
    strata_free(&run->strata);
    smb3_scratch_free(&run->scratch);
    free(run->buffer);
}

void run_cases(struct run *run, uint64_t end)
{
    for (; run->index < end; run->index++) {
        run->random = prng_for(run->operation->name, run->seed, run->index);
        run->operation->one_case(run);
        run->strata.cases++;
    }
}

static void fold(struct run *run, const uint8_t *data, size_t len)
{
    uint64_t h = run->digest;
    for (size_t i = 0; i < len; i++)
        h = (h ^ data[i]) * UINT64_C(0x100000001b3);
    run->digest = h;
}

static void fold_field(struct run *run, struct diff_bytes field)
{
    uint8_t len[8];
    for (size_t i = 0; i < 8; i++)
        len[i] = (uint8_t)((uint64_t)field.len >> 8 * i);
    fold(run, len, 8);
    fold(run, field.data, field.len);
}

void check(struct run *run, const struct diff_question *q, const char *who, uint8_t *value)
{
    if (run->answered)
        run->answered(run, q, who, value);
    const uint8_t operation = (uint8_t)q->operation;
    fold(run, &operation, 1);
    fold_field(run, q->key);
    fold_field(run, q->nonce);
    fold_field(run, q->message);
    fold_field(run, q->label);
    fold_field(run, q->context);
    fold_field(run, (struct diff_bytes){value, q->answer_len});
}

void run_origin(const struct run *run, char out[160])
{
    snprintf(out, 160, "%s, case %" PRIu64 "; again: --operation=%s --seed=0x%" PRIx64 " --only=%" PRIu64,
             run->operation->name, run->index, run->operation->name, run->seed, run->index);
}

static _Noreturn void failed(const struct run *run, const char *what)
{
    char origin[160];
    run_origin(run, origin);
    fflush(stdout);
    fprintf(stderr, "FAILED: %s\n  origin: %s\n", what, origin);
    abort();
}

void check_plain(struct run *run, const char *who, const uint8_t *expected, const uint8_t *value, size_t len)
{
    fold_field(run, (struct diff_bytes){value, len});
    if (memcmp(expected, value, len) == 0)
        return;
    for (int side = 0; side < 2; side++) {
        fprintf(stderr, "%s ", side ? who : "expected");
        for (size_t i = 0; i < len; i++)
            fprintf(stderr, "%02x", (side ? value : expected)[i]);
        fprintf(stderr, "\n");
    }
    failed(run, who);
}

void check_that(struct run *run, bool holds, const char *property)
{
    if (!holds)
        failed(run, property);
}
