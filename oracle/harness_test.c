/* SPDX-License-Identifier: Apache-2.0 */
/* What the harness must refuse: a matrix that it cannot read or that says something else than the adapters, an adapter that is
   missing or stale, an answer that differs. Each is done in a child process, which must die of it with the right words. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diff.h"
#include "matrix.h"
#include "smb3.h"

static unsigned checks, failures;

static void expect(bool holds, const char *what, const char *detail)
{
    checks++;
    if (holds)
        return;
    failures++;
    fprintf(stderr, "FAILED: %s (%s)\n", what, detail);
}

static void expect_unreadable(const char *what, const char *text, const char *words)
{
    struct matrix m;
    char error[160];
    expect(!matrix_read(&m, text, error) && strstr(error, words), what, error);
}

#define FAMILIES "{\"families\": {\"f\": \"F\", \"g\": \"G\"}, "
#define ORACLE(name) "\"" name "\": {\"family\": \"f\", \"library\": \"L\"}"
#define ORACLES FAMILIES "\"oracles\": {" ORACLE("a") "," ORACLE("b") "}, \"operations\": {"
#define ROW(name) "\"" name "\": {\"a\": \"native\", \"b\": {\"unavailable\": \"why\"}}"
#define ROWS ROW("cmac_aes128") "," ROW("gmac_aes128") "," ROW("hmac_sha256") "," ROW("sha512")

static void matrices(void)
{
    struct matrix m;
    char error[160];
    bool read =
        matrix_read(&m, ORACLES ROWS ",\"kdf_sp800_108\": {\"a\": {\"composed\": \"g\"}, \"b\": \"native\"}}}", error);
    expect(read && m.oracle_count == 2 && m.how[ORACLE_SHA512][0] == MATRIX_NATIVE &&
               m.how[ORACLE_SHA512][1] == MATRIX_UNAVAILABLE && m.cell_family[ORACLE_SHA512][0] == 0 &&
               m.how[ORACLE_KDF_SP800_108][0] == MATRIX_COMPOSED && m.cell_family[ORACLE_KDF_SP800_108][0] == 1 &&
               m.cell_family[ORACLE_KDF_SP800_108][1] == 0,
           "a good matrix is read", error);
    expect_unreadable("no text", "", "not the character expected");
    expect_unreadable("a missing row", ORACLES ROWS "}}", "says nothing about kdf_sp800_108 of a");
    expect_unreadable("a missing cell", ORACLES ROWS ",\"kdf_sp800_108\": {\"a\": \"native\"}}}", "kdf_sp800_108 of b");
    expect_unreadable("an unknown operation", ORACLES ROW("md5") "}}", "an unknown operation");
    expect_unreadable("an unknown oracle", ORACLES "\"sha512\": {\"c\": \"native\"}}}", "does not name");
    expect_unreadable("an unknown word", ORACLES "\"sha512\": {\"a\": \"maybe\"}}}", "neither native nor composed");
    expect_unreadable("a cell twice", ORACLES "\"sha512\": {\"a\": \"native\", \"a\": \"native\"}}}", "twice");
    expect_unreadable("no reason", ORACLES "\"sha512\": {\"a\": {\"unavailable\": \"\"}}}}", "a reason expected");
    expect_unreadable("text behind", ORACLES ROWS "," ROW("kdf_sp800_108") "}} x", "after the end");
    expect_unreadable("no family", FAMILIES "\"oracles\": {\"a\": {\"library\": \"L\"}}}", "without a family");
    expect_unreadable("an unknown family", FAMILIES "\"oracles\": {\"a\": {\"family\": \"h\"}}}", "does not name");
    expect_unreadable("a cell of an unknown family", ORACLES "\"sha512\": {\"a\": {\"native\": \"h\"}}}}",
                      "does not name");
    expect_unreadable("a cell of two kinds", ORACLES "\"sha512\": {\"a\": {\"native\": \"f\", \"composed\": \"f\"}}}}",
                      "twice");
}

/* Runs `act` in a child, which must abort and say all of `words`, which are separated by newlines. */
static void expect_death(const char *what, void (*act)(void), const char *words)
{
    static char said[1 << 16];
    int ends[2], status = 0;
    size_t len = 0;
    fflush(NULL);
    if (pipe(ends))
        abort();
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        act();
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t n; len + 1 < sizeof said && (n = read(ends[0], said + len, sizeof said - 1 - len)) > 0;)
        len += (size_t)n;
    said[len] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, what, "it did not abort");
    char copy[1000];
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok(copy, "\n"); word; word = strtok(NULL, "\n"))
        expect(strstr(said, word) != NULL, what, word);
    if (failures)
        fprintf(stderr, "it said: %s\n", said);
}

static const char *fakes; /* the folder of the folders with fake adapters */

static void init_with(const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", fakes, folder);
    setenv("CSIGN_ORACLE_DIR", path, 1);
    diff_init();
}

static void no_adapters(void)
{
    init_with("none");
}
static void stale_adapter(void)
{
    init_with("stale");
}
static void renamed_adapter(void)
{
    init_with("renamed");
}
static void adapter_without_cmac(void)
{
    init_with("without_cmac");
}
static void adapter_with_composed_cmac(void)
{
    init_with("composed_cmac");
}

static const uint8_t key[16] = {0xab, 0xcd}, message[3] = {1, 2, 3};
static const uint8_t wrong[64] = {0x5a, 0x5a};

static void wrong_tag(void)
{
    diff_init();
    diff_cmac_aes128("somebody", wrong, key, message, sizeof message);
}

static void wrong_preauth(void)
{
    diff_init();
    diff_preauth("somebody", wrong, wrong, (struct diff_bytes){message, sizeof message});
}

static void wrong_question(void)
{
    diff_init();
    diff_compare(&(struct diff_question){.operation = ORACLE_GMAC_AES128, .key = {key, 16}, .answer_len = 16}, NULL,
                 "x", wrong);
}

static void not_initialised(void)
{
    diff_sha512("somebody", wrong, message, sizeof message);
}

#define TRIED_MAX 65536u /* bytes */

/* The entry itself, past the exceptions. */
static bool ask_directly(const struct oracle *o, const struct diff_question *q)
{
    static uint8_t answer[64];
    const uint8_t *k = q->key.data, *m = q->message.data;
    switch (q->operation) {
    case ORACLE_CMAC_AES128:
        return o->cmac_aes128(answer, k, m, q->message.len);
    case ORACLE_GMAC_AES128:
        return o->gmac_aes128(answer, k, q->nonce.data, m, q->message.len);
    case ORACLE_HMAC_SHA256:
        return o->hmac_sha256(answer, k, q->key.len, m, q->message.len);
    case ORACLE_SHA512:
        return o->sha512(answer, m, q->message.len);
    case ORACLE_KDF_SP800_108:
        return o->kdf_sp800_108(answer, q->answer_len, k, q->key.len, q->label.data, q->label.len, q->context.data,
                                q->context.len);
    case ORACLE_OPERATIONS:
        break;
    }
    return false;
}

static void one_exception(size_t oracle, size_t n, enum oracle_operation operation)
{
    static const uint8_t zero[TRIED_MAX];
    uint8_t answer[64];
    char what[200];
    const struct oracle *o = diff_oracle(oracle);
    const struct oracle_exception *e = &o->exceptions[n];
    struct diff_question q = {.operation = operation,
                              .key = {zero, 16},
                              .nonce = {zero, operation == ORACLE_GMAC_AES128 ? 12 : 0},
                              .message = {zero, 0},
                              .label = {zero, 0},
                              .context = {zero, 0},
                              .answer_len = operation == ORACLE_SHA512 ? 64 : 16};
    size_t *const fields[] = {&q.key.len, &q.message.len, &q.label.len, &q.context.len, &q.answer_len};
    snprintf(what, sizeof what, "%s of %s, %zu bytes: %s", diff_operation_name(operation), o->name, e->least, e->why);
    if (e->least > TRIED_MAX) {
        printf("not tried, too long: %s\n", what);
        return;
    }
    uint64_t before = diff_exception_count(oracle, n);
    *fields[e->field] = e->least;
    expect(diff_exception(oracle, &q) == n, "the exception is met", what);
    expect(diff_ask(oracle, &q, answer) == (e->then == ORACLE_ASKED_OTHERWISE), "asked or not as it says", what);
    expect(e->then == ORACLE_ASKED_OTHERWISE || !ask_directly(o, &q), "what is not asked is refused", what);
    size_t others = (oracle + 1) % diff_oracle_count();
    expect(diff_ask(others, &q, answer), "another oracle answers", what);
    expect(!(diff_differing(&q, answer) & 1u << oracle), "the others' answer is not contradicted", what);
    expect(diff_exception_count(oracle, n) == before + 1, "a question that meets it is counted", what);
    if (e->least > 0) {
        *fields[e->field] = e->least - 1;
        expect(diff_exception(oracle, &q) == SIZE_MAX && diff_ask(oracle, &q, answer), "a byte less is asked", what);
    }
}

/* Each oracle's list is true: what it says is refused is refused, one byte less is not, and nothing goes uncounted. */
static void exceptions(void)
{
    unsetenv("CSIGN_ORACLE_DIR");
    diff_init();
    for (size_t i = 0; i < diff_oracle_count(); i++)
        for (size_t n = 0; n < diff_oracle(i)->exception_count; n++) {
            enum oracle_operation of = diff_oracle(i)->exceptions[n].operation;
            for (int op = 0; op < ORACLE_OPERATIONS; op++)
                if (of == ORACLE_OPERATIONS || of == (enum oracle_operation)op)
                    one_exception(i, n, (enum oracle_operation)op);
        }
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    fakes = argv[1];
    matrices();
    expect_death("no adapters", no_adapters, "liboracle_boringssl.so is not in $CSIGN_ORACLE_DIR");
    expect_death("a stale adapter", stale_adapter, "build both again");
    expect_death("a renamed adapter", renamed_adapter, "calls itself somebody");
    expect_death("an adapter without CMAC", adapter_without_cmac,
                 "cmac_aes128 of boringssl is unavailable, MATRIX.json says native");
    expect_death("an adapter that composes CMAC", adapter_with_composed_cmac,
                 "cmac_aes128 of boringssl is composed, MATRIX.json says native");
    expect_death("a wrong tag", wrong_tag,
                 "answers to cmac_aes128 differ\nabcd0000000000000000000000000000\n3 bytes: 010203\nsomebody\n5a5a\n"
                 "under test\nfamily openssl\nboringssl    native      value 2\nfamily botan\nDISAGREEMENT {\n"
                 "bazel run //vectors:run");
    expect_death("a wrong chain value", wrong_preauth, "answers to sha512 differ\n67 bytes: 5a5a\nopenssl3");
    expect_death("a nonce of the wrong length", wrong_question, "wrong length: gmac_aes128");
    expect_death("no diff_init", not_initialised, "diff_init was not called");
    exceptions();
    printf("%u checks, %u failed\n", checks, failures);
    return failures != 0 || checks == 0;
}
