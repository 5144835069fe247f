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

#define ORACLES "{\"oracles\": {\"a\": \"A\", \"b\": \"B\"}, \"operations\": {"
#define ROW(name) "\"" name "\": {\"a\": \"native\", \"b\": {\"unavailable\": \"why\"}}"
#define ROWS ROW("cmac_aes128") "," ROW("gmac_aes128") "," ROW("hmac_sha256") "," ROW("sha512")

static void matrices(void)
{
    struct matrix m;
    char error[160];
    bool read = matrix_read(&m, ORACLES ROWS "," ROW("kdf_sp800_108") "}}", error);
    expect(read && m.oracle_count == 2 && m.how[ORACLE_SHA512][0] == MATRIX_NATIVE &&
               m.how[ORACLE_SHA512][1] == MATRIX_UNAVAILABLE,
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
                 "boringssl\nopenssl3\nDIFFERS");
    expect_death("a wrong chain value", wrong_preauth, "answers to sha512 differ\n67 bytes: 5a5a\nopenssl3");
    expect_death("a nonce of the wrong length", wrong_question, "wrong length: gmac_aes128");
    expect_death("no diff_init", not_initialised, "diff_init was not called");
    printf("%u checks, %u failed\n", checks, failures);
    return failures != 0 || checks == 0;
}
