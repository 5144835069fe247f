/* SPDX-License-Identifier: Apache-2.0 */
/* Reporting a disagreement; see report.h. Equal answers are one value, and values are numbered as they come up, that of the
   function under test first: a number says nothing about who is right. */
#define _GNU_SOURCE /* program_invocation_short_name */
#include "report.h"

#include <errno.h>
#include <string.h>

#define SHOWN_MAX 4096u /* bytes of a field for people; the vector below has all of them */
#define FIRST_MAX 16u   /* bytes of a value in the line for programs */

/* values[0] is that of the function under test; of[i] is the number of oracle i's, SIZE_MAX if it was not asked. */
struct answers {
    uint8_t values[1 + DIFF_ORACLES_MAX][DIFF_ANSWER_MAX];
    size_t count, of[DIFF_ORACLES_MAX];
};

/* In pieces, because stderr has no buffer. */
static void hex(FILE *out, const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char piece[4096];
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        piece[n++] = digits[data[i] >> 4];
        piece[n++] = digits[data[i] & 15];
        if (n == sizeof piece || i + 1 == len) {
            fwrite(piece, 1, n, out);
            n = 0;
        }
    }
}

/* A JSON string; what would need escapes is replaced, names and origins have none of it. */
static void text(FILE *out, const char *s)
{
    for (; *s; s++)
        putc(*s == '"' || *s == '\\' || (unsigned char)*s < ' ' ? '?' : *s, out);
}

static void field(FILE *out, const char *name, struct diff_bytes data)
{
    size_t shown = data.len < SHOWN_MAX ? data.len : SHOWN_MAX;
    fprintf(out, "  %s, %zu bytes: ", name, data.len);
    hex(out, data.data, shown);
    if (shown < data.len)
        fprintf(out, " and %zu more", data.len - shown);
    fprintf(out, "\n");
}

void report_question(FILE *out, const struct diff_question *q, const char *origin)
{
    fprintf(out, "  question: %s, %zu bytes of answer\n", diff_operation_name(q->operation), q->answer_len);
    fprintf(out, "  origin: %s\n", origin ? origin : "the input of this fuzz target");
    if (q->operation != ORACLE_SHA512)
        field(out, "key", q->key);
    if (q->operation == ORACLE_GMAC_AES128)
        field(out, "nonce", q->nonce);
    if (q->operation == ORACLE_KDF_SP800_108) {
        field(out, "label", q->label);
        field(out, "context", q->context);
    } else {
        field(out, "message", q->message);
    }
}

static void ask_all(struct answers *a, const struct diff_question *q, const uint8_t *value)
{
    memcpy(a->values[0], value, q->answer_len);
    a->count = 1;
    for (size_t i = 0; i < diff_oracle_count(); i++) {
        size_t number = 0;
        a->of[i] = SIZE_MAX;
        if (!diff_ask(i, q, a->values[a->count]))
            continue;
        while (memcmp(a->values[number], a->values[a->count], q->answer_len) != 0)
            number++;
        a->of[i] = number;
        a->count += number == a->count;
    }
}

/* The function under test and family/oracle of those that gave a value; `quote` goes around each. */
static void givers(FILE *out, const struct answers *a, const struct diff_question *q, size_t value, const char *who,
                   const char *quote)
{
    if (value == 0) {
        fprintf(out, "%s", quote);
        text(out, who);
        fprintf(out, "%s", quote);
    }
    for (size_t i = 0, n = value == 0; i < diff_oracle_count(); i++)
        if (a->of[i] == value)
            fprintf(out, "%s%s%s/%s%s", n++ ? ", " : "", quote, diff_family(q->operation, i), diff_oracle(i)->name,
                    quote);
}

/* Everything by which one disagreement is told from another, on one line. */
static void line_for_programs(FILE *out, const struct answers *a, const struct diff_question *q, const char *who)
{
    char target[64];
    snprintf(target, sizeof target, "%s", program_invocation_short_name);
    char *suffix = strstr(target, "_bin"); /* of a fuzz target's binary */
    if (suffix && suffix[4] == '\0')
        *suffix = '\0';
    fprintf(out, "DISAGREEMENT {\"target\": \"");
    text(out, target);
    fprintf(out, "\", \"operation\": \"%s\", \"function\": \"", diff_operation_name(q->operation));
    text(out, who);
    fprintf(out, "\", \"length\": %zu, \"values\": [", q->answer_len);
    for (size_t v = 0; v < a->count; v++) {
        fprintf(out, "%s{\"first\": \"", v ? ", " : "");
        hex(out, a->values[v], q->answer_len < FIRST_MAX ? q->answer_len : FIRST_MAX);
        fprintf(out, "\", \"from\": [");
        givers(out, a, q, v, who, "\"");
        fprintf(out, "]}");
    }
    fprintf(out, "]}\n");
}

static void line_of_oracle(FILE *out, const struct answers *a, const struct diff_question *q, size_t oracle)
{
    const struct oracle *o = diff_oracle(oracle);
    fprintf(out, "    %-12s %-12s", o->name, diff_how(q->operation, oracle));
    size_t exception = diff_offers(q->operation, oracle) ? diff_exception(oracle, q) : SIZE_MAX;
    if (a->of[oracle] != SIZE_MAX)
        fprintf(out, "value %zu", 1 + a->of[oracle]);
    if (exception != SIZE_MAX)
        fprintf(out, "%s%s", a->of[oracle] != SIZE_MAX ? "; " : "not asked: ", o->exceptions[exception].why);
    fprintf(out, "\n");
}

static void by_family(FILE *out, const struct answers *a, const struct diff_question *q, const char *who)
{
    bool told[DIFF_ORACLES_MAX] = {false};
    fprintf(out, "  %zu values, by family of code; which is right is not decided here:\n", a->count);
    fprintf(out, "  under test\n    %-25svalue 1\n", who);
    for (size_t first = 0; first < diff_oracle_count(); first++) {
        const char *family = diff_family(q->operation, first);
        if (told[first])
            continue;
        fprintf(out, "  family %s\n", family);
        for (size_t i = first; i < diff_oracle_count(); i++)
            if (strcmp(diff_family(q->operation, i), family) == 0) {
                line_of_oracle(out, a, q, i);
                told[i] = true;
            }
    }
    for (size_t v = 0; v < a->count; v++) {
        fprintf(out, "  value %zu: ", 1 + v);
        hex(out, a->values[v], q->answer_len);
        fprintf(out, "\n");
    }
}

/* How vectors/ writes an operation down. */
static const struct {
    const char *algorithm, *type, *answer;
} vectors[ORACLE_OPERATIONS] = {
    [ORACLE_CMAC_AES128] = {"AES-128-CMAC", "AesCmac128", "tag"},
    [ORACLE_GMAC_AES128] = {"AES-128-GMAC", "AesGmac128", "tag"},
    [ORACLE_HMAC_SHA256] = {"HMAC-SHA-256", "HmacSha256", "tag"},
    [ORACLE_SHA512] = {"SHA-512", "Sha512", "digest"},
    [ORACLE_KDF_SP800_108] = {"SP 800-108 counter mode, HMAC-SHA-256", "CounterKdf", "output"},
};

static void member(FILE *out, const char *name, struct diff_bytes data)
{
    fprintf(out, ", \"%s\": \"", name);
    hex(out, data.data, data.len);
    fprintf(out, "\"");
}

/* One test for each value: the runner says which of them lib/ computes now. Whoever knows the right one keeps that test alone. */
static void vector(FILE *out, const struct answers *a, const struct diff_question *q, const char *origin,
                   const char *who)
{
    fprintf(out,
            "  As a vector, one test a value, of which one at most is right; the runner says which of them lib/ "
            "computes:\n"
            "bazel run //vectors:run -- /dev/stdin <<'END'\n"
            "{\n \"algorithm\": \"%s\",\n \"schema\": \"schemas/vectors_schema.json\",\n \"numberOfTests\": %zu,\n"
            " \"notes\": {\n   \"Disagreement\": \"One of the values that implementations gave for one question; which "
            "is right is not decided here\"\n },\n"
            " \"testGroups\": [\n  {\"type\": \"%s\", \"source\": \"a disagreement: ",
            vectors[q->operation].algorithm, a->count, vectors[q->operation].type);
    text(out, origin ? origin : "the input of a fuzz target");
    fprintf(out, "\"");
    if (q->operation != ORACLE_SHA512)
        member(out, "key", q->key);
    if (q->operation == ORACLE_GMAC_AES128)
        member(out, "nonce", q->nonce);
    if (q->operation == ORACLE_KDF_SP800_108) {
        member(out, "label", q->label);
        member(out, "context", q->context);
        fprintf(out, ", \"outputLen\": %zu, \"status\": \"OK\"", q->answer_len);
    } else {
        member(out, "msg", q->message);
    }
    fprintf(out, ", \"tests\": [\n");
    for (size_t v = 0; v < a->count; v++) {
        fprintf(out, "   {\"tcId\": %zu, \"comment\": \"value %zu, from ", 1 + v, 1 + v);
        givers(out, a, q, v, who, "");
        fprintf(out, "\", \"flags\": [\"Disagreement\"]");
        member(out, vectors[q->operation].answer, (struct diff_bytes){a->values[v], q->answer_len});
        fprintf(out, ", \"result\": \"valid\"}%s\n", v + 1 < a->count ? "," : "");
    }
    fprintf(out, "  ]}\n ]\n}\nEND\n");
}

void report_disagreement(FILE *out, const struct diff_question *q, const char *origin, const char *who,
                         const uint8_t *value)
{
    static struct answers answers;
    ask_all(&answers, q, value);
    fprintf(out, "oracle: answers to %s differ\n", diff_operation_name(q->operation));
    line_for_programs(out, &answers, q, who);
    report_question(out, q, origin);
    by_family(out, &answers, q, who);
    vector(out, &answers, q, origin, who);
    fflush(out);
}
