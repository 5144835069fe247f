/* SPDX-License-Identifier: Apache-2.0 */
/* The comparing harness: opens the oracles that MATRIX.json names, asks, compares, counts each cell, reports. See diff.h. */
#include "diff.h"

#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "matrix.h"
#include "uninstrumented.h"

#define ANSWER_MAX 8160
#define REPORT_MAX 65536 /* bytes of a message that a report prints */

static struct matrix matrix;
static const struct oracle *oracles[DIFF_ORACLES_MAX];
static uint64_t cell_counts[ORACLE_OPERATIONS][DIFF_ORACLES_MAX];
static struct {
    enum oracle_operation operation;
    size_t oracle, bit;
} plant = {ORACLE_CMAC_AES128, SIZE_MAX, 0};

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
    uninstrumented_begin();
    const char *version = oracles[index]->version();
    uninstrumented_end();
    initialised_by_oracle(&version, sizeof version);
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

const char *diff_operation_name(enum oracle_operation operation)
{
    return matrix_operation[operation];
}

uint64_t diff_cell_count(enum oracle_operation operation, size_t oracle)
{
    return cell_counts[operation][oracle];
}

void diff_plant(enum oracle_operation operation, size_t oracle, size_t bit)
{
    plant.operation = operation;
    plant.oracle = oracle;
    plant.bit = bit;
}

static void check_question(const struct diff_question *q)
{
    static const size_t longest[ORACLE_OPERATIONS] = {16, 16, 32, 64, ANSWER_MAX};
    bool block_key = q->operation == ORACLE_CMAC_AES128 || q->operation == ORACLE_GMAC_AES128;
    if (matrix.oracle_count == 0)
        die("diff_init was not called", "");
    if (q->operation >= ORACLE_OPERATIONS || q->answer_len == 0 || q->answer_len > longest[q->operation])
        die("a question with an unknown operation or a wrong answer_len", "");
    if ((block_key && q->key.len != 16) || (q->operation == ORACLE_GMAC_AES128 && q->nonce.len != 12))
        die("a question with a key or nonce of the wrong length", matrix_operation[q->operation]);
}

static const uint8_t *pointer(struct diff_bytes b)
{
    static const uint8_t none[1] = {0};
    return b.data ? b.data : none;
}

bool diff_ask(size_t oracle, const struct diff_question *q, uint8_t *answer)
{
    static uint8_t whole[ANSWER_MAX];
    check_question(q);
    const struct oracle *o = diff_oracle(oracle);
    if (o == NULL || !has(o, q->operation))
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
        diff_report(stderr, q, "an oracle refused it", o->name, NULL);
        die(o->name, "refused an operation that it claims to have");
    }
    memcpy(answer, whole, q->answer_len);
    if (oracle == plant.oracle && q->operation == plant.operation)
        answer[plant.bit / 8 % q->answer_len] ^= (uint8_t)(1u << plant.bit % 8);
    return true;
}

unsigned diff_differing(const struct diff_question *q, const uint8_t *value)
{
    static uint8_t answer[ANSWER_MAX];
    unsigned differing = 0;
    size_t asked = 0;
    for (size_t i = 0; i < matrix.oracle_count; i++) {
        if (!diff_ask(i, q, answer))
            continue;
        asked++;
        cell_counts[q->operation][i]++;
        if (memcmp(answer, value, q->answer_len) != 0)
            differing |= 1u << i;
    }
    if (asked == 0)
        die("diff_init was not called, or no oracle has the operation", "");
    return differing;
}

static void print_hex(FILE *out, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        fprintf(out, "%02x", data[i]);
}

static void print_field(FILE *out, const char *name, struct diff_bytes field)
{
    size_t shown = field.len < REPORT_MAX ? field.len : REPORT_MAX;
    fprintf(out, "  %s, %zu bytes: ", name, field.len);
    print_hex(out, field.data, shown);
    if (shown < field.len)
        fprintf(out, " and %zu more, which the origin gives", field.len - shown);
    fprintf(out, "\n");
}

static void print_answer(FILE *out, const char *name, const uint8_t *answer, size_t len, const char *note)
{
    fprintf(out, "  %-24s ", name);
    print_hex(out, answer, len);
    fprintf(out, "%s%s\n", note[0] ? "  " : "", note);
}

void diff_report(FILE *out, const struct diff_question *q, const char *origin, const char *who, const uint8_t *value)
{
    static uint8_t answer[ANSWER_MAX];
    fprintf(out, "oracle: answers to %s differ\n", matrix_operation[q->operation]);
    fprintf(out, "  origin: %s\n", origin ? origin : "the input of this fuzz target");
    if (q->operation != ORACLE_SHA512)
        print_field(out, "key", q->key);
    if (q->operation == ORACLE_GMAC_AES128)
        print_field(out, "nonce", q->nonce);
    if (q->operation == ORACLE_KDF_SP800_108) {
        print_field(out, "label", q->label);
        print_field(out, "context", q->context);
    } else {
        print_field(out, "message", q->message);
    }
    fprintf(out, "  answers, %zu bytes each:\n", q->answer_len);
    if (value == NULL)
        return; /* it is an oracle's refusal that is reported */
    print_answer(out, who, value, q->answer_len, "");
    for (size_t i = 0; i < matrix.oracle_count; i++)
        if (diff_ask(i, q, answer)) {
            char note[64 + MATRIX_NAME_MAX];
            bool same = memcmp(answer, value, q->answer_len) == 0;
            snprintf(note, sizeof note, "%s, %s", matrix_how_name(matrix.how[q->operation][i]),
                     same ? "the same as the first" : "DIFFERS from the first");
            print_answer(out, matrix.oracle[i], answer, q->answer_len, note);
        }
    fflush(out);
}

void diff_compare(const struct diff_question *q, const char *origin, const char *who, const uint8_t *value)
{
    if (diff_differing(q, value) == 0)
        return;
    fflush(stdout);
    diff_report(stderr, q, origin, who, value);
    abort();
}
