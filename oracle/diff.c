/* SPDX-License-Identifier: Apache-2.0 */
/* The comparing harness: opens the oracles that MATRIX.json names, asks, compares, counts each cell. See diff.h. */
#include "diff.h"

#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "matrix.h"
#include "report.h"
#include "uninstrumented.h"

static struct matrix matrix;
static const struct oracle *oracles[DIFF_ORACLES_MAX];
static uint64_t cell_counts[ORACLE_OPERATIONS][DIFF_ORACLES_MAX];
static uint64_t exception_counts[DIFF_ORACLES_MAX][ORACLE_EXCEPTIONS_MAX];
static struct {
    enum oracle_operation operation;
    size_t oracle, bit;
} plant = {ORACLE_CMAC_AES128, SIZE_MAX, 0};

static void (*then)(const char *who);

static _Noreturn void die(const char *what, const char *detail)
{
    fflush(stdout);
    fprintf(stderr, "oracle: %s%s%s\n", what, detail[0] ? ": " : "", detail);
    fflush(stderr);
    abort();
}

static bool has(const struct oracle *o, enum oracle_operation operation)
{
    switch (operation) {
    case ORACLE_CMAC_AES128:
        return o->cmac_aes128 != NULL;
    case ORACLE_GMAC_AES128:
        return o->gmac_aes128 != NULL;
    case ORACLE_HMAC_SHA256:
        return o->hmac_sha256 != NULL;
    case ORACLE_SHA512:
        return o->sha512 != NULL;
    case ORACLE_KDF_SP800_108:
        return o->kdf_sp800_108 != NULL;
    case ORACLE_OPERATIONS:
        break;
    }
    return false;
}

static void demand_matrix(size_t oracle)
{
    for (int op = 0; op < ORACLE_OPERATIONS; op++) {
        enum matrix_how is = !has(oracles[oracle], (enum oracle_operation)op) ? MATRIX_UNAVAILABLE
                             : oracles[oracle]->composed & ORACLE_BIT(op)     ? MATRIX_COMPOSED
                                                                              : MATRIX_NATIVE;
        if (is == matrix.how[op][oracle])
            continue;
        char detail[200];
        snprintf(detail, sizeof detail, "%s of %s is %s, MATRIX.json says %s", matrix_operation[op],
                 matrix.oracle[oracle], matrix_how_name(is), matrix_how_name(matrix.how[op][oracle]));
        die("the matrix is another", detail);
    }
}

/* CPU features, lazily built tables, first allocations: a fuzzer would take them for behaviour of its first input. */
static void warm_up(size_t oracle)
{
    static const uint8_t zero[64];
    uint8_t answer[64];
    struct diff_question q = {.key = {zero, 16}, .message = {zero, 64}};
    for (int op = 0; op < ORACLE_OPERATIONS; op++) {
        q.operation = (enum oracle_operation)op;
        q.nonce = (struct diff_bytes){zero, op == ORACLE_GMAC_AES128 ? 12 : 0};
        q.answer_len = op == ORACLE_SHA512 ? 64 : 16;
        for (int i = 0; i < 3; i++)
            (void)diff_ask(oracle, &q, answer);
    }
}

void diff_init(void)
{
    char error[512];
    if (matrix.oracle_count)
        return;
    if (!matrix_read(&matrix, matrix_json, error))
        die("cannot read the matrix", error);
    for (size_t i = 0; i < matrix.oracle_count; i++) {
        oracles[i] = oracle_load(matrix.oracle[i], error);
        if (oracles[i] == NULL)
            die(matrix.oracle[i], error);
        demand_matrix(i);
    }
    for (size_t i = 0; i < matrix.oracle_count; i++)
        warm_up(i);
}

size_t diff_oracle_count(void)
{
    return matrix.oracle_count;
}

const struct oracle *diff_oracle(size_t index)
{
    return index < matrix.oracle_count ? oracles[index] : NULL;
}

const char *diff_version(size_t index)
{
    static char version[100];
    uninstrumented_begin();
    snprintf(version, sizeof version, "%s", oracles[index]->version());
    uninstrumented_end();
    initialised_by_oracle(version, sizeof version);
    return version;
}

bool diff_offers(enum oracle_operation operation, size_t oracle)
{
    return oracle < matrix.oracle_count && has(oracles[oracle], operation);
}

const char *diff_how(enum oracle_operation operation, size_t oracle)
{
    return matrix_how_name(matrix.how[operation][oracle]);
}

const char *diff_family(enum oracle_operation operation, size_t oracle)
{
    return matrix.family[matrix.cell_family[operation][oracle]];
}

const char *diff_operation_name(enum oracle_operation operation)
{
    return matrix_operation[operation];
}

uint64_t diff_cell_count(enum oracle_operation operation, size_t oracle)
{
    return cell_counts[operation][oracle];
}

uint64_t diff_exception_count(size_t oracle, size_t exception)
{
    return exception_counts[oracle][exception];
}

void diff_plant(enum oracle_operation operation, size_t oracle, size_t bit)
{
    plant.operation = operation;
    plant.oracle = oracle;
    plant.bit = bit;
}

static void check_question(const struct diff_question *q)
{
    static const size_t least[ORACLE_OPERATIONS] = {16, 16, 4, 64, 1}, most[] = {16, 16, 32, 64, DIFF_ANSWER_MAX};
    bool block_key = q->operation == ORACLE_CMAC_AES128 || q->operation == ORACLE_GMAC_AES128;
    if (matrix.oracle_count == 0)
        die("diff_init was not called", "");
    if (q->operation >= ORACLE_OPERATIONS || q->answer_len < least[q->operation] || q->answer_len > most[q->operation])
        die("a question with an unknown operation or a wrong answer_len", "");
    if ((block_key && q->key.len != 16) || (q->operation == ORACLE_GMAC_AES128 && q->nonce.len != 12))
        die("a question with a key or nonce of the wrong length", matrix_operation[q->operation]);
}

static size_t field_len(const struct diff_question *q, enum oracle_field field)
{
    switch (field) {
    case ORACLE_KEY:
        return q->key.len;
    case ORACLE_MESSAGE:
        return q->message.len;
    case ORACLE_LABEL:
        return q->label.len;
    case ORACLE_CONTEXT:
        return q->context.len;
    case ORACLE_ANSWER:
        return q->answer_len;
    }
    return 0;
}

size_t diff_exception(size_t oracle, const struct diff_question *q)
{
    const struct oracle *o = oracles[oracle];
    for (size_t i = 0; i < o->exception_count; i++) {
        const struct oracle_exception *e = &o->exceptions[i];
        size_t len = field_len(q, e->field);
        if ((e->operation == q->operation || e->operation == ORACLE_OPERATIONS) && len >= e->least && len <= e->most)
            return i;
    }
    return SIZE_MAX;
}

static const uint8_t *pointer(struct diff_bytes b)
{
    static const uint8_t none[1] = {0};
    return b.data ? b.data : none;
}

bool diff_ask(size_t oracle, const struct diff_question *q, uint8_t *answer)
{
    static uint8_t whole[DIFF_ANSWER_MAX];
    check_question(q);
    const struct oracle *o = diff_oracle(oracle);
    if (o == NULL || !has(o, q->operation))
        return false;
    size_t exception = diff_exception(oracle, q);
    if (exception != SIZE_MAX && o->exceptions[exception].then == ORACLE_NOT_ASKED)
        return false;
    const uint8_t *key = pointer(q->key), *message = pointer(q->message);
    bool ok = false;
    uninstrumented_begin();
    switch (q->operation) {
    case ORACLE_CMAC_AES128:
        ok = o->cmac_aes128(whole, key, message, q->message.len);
        break;
    case ORACLE_GMAC_AES128:
        ok = o->gmac_aes128(whole, key, q->nonce.data, message, q->message.len);
        break;
    case ORACLE_HMAC_SHA256:
        ok = o->hmac_sha256(whole, key, q->key.len, message, q->message.len);
        break;
    case ORACLE_SHA512:
        ok = o->sha512(whole, message, q->message.len);
        break;
    case ORACLE_KDF_SP800_108:
        ok = o->kdf_sp800_108(whole, q->answer_len, key, q->key.len, pointer(q->label), q->label.len,
                              pointer(q->context), q->context.len);
        break;
    case ORACLE_OPERATIONS:
        break;
    }
    uninstrumented_end();
    initialised_by_oracle(&ok, sizeof ok);
    initialised_by_oracle(whole, q->answer_len);
    if (!ok) {
        report_question(stderr, q, "an oracle refused it");
        die(o->name, "refused what it claims to answer");
    }
    memcpy(answer, whole, q->answer_len);
    if (oracle == plant.oracle && q->operation == plant.operation)
        answer[plant.bit / 8 % q->answer_len] ^= (uint8_t)(1u << plant.bit % 8);
    return true;
}

unsigned diff_differing(const struct diff_question *q, const uint8_t *value)
{
    static uint8_t answer[DIFF_ANSWER_MAX];
    unsigned differing = 0;
    size_t asked = 0;
    for (size_t i = 0; i < matrix.oracle_count; i++) {
        size_t exception = has(oracles[i], q->operation) ? diff_exception(i, q) : SIZE_MAX;
        if (exception != SIZE_MAX)
            exception_counts[i][exception]++;
        if (!diff_ask(i, q, answer))
            continue;
        asked++;
        cell_counts[q->operation][i]++;
        if (memcmp(answer, value, q->answer_len) != 0)
            differing |= 1u << i;
    }
    if (asked == 0)
        die("diff_init was not called, or no oracle answers", matrix_operation[q->operation]);
    return differing;
}

void diff_then(void (*disagreed)(const char *who))
{
    then = disagreed;
}

void diff_compare(const struct diff_question *q, const char *origin, const char *who, const uint8_t *value)
{
    if (diff_differing(q, value) == 0)
        return;
    fflush(stdout);
    report_disagreement(stderr, q, origin, who, value);
    if (then)
        then(who);
    abort();
}
