/* SPDX-License-Identifier: Apache-2.0 */
/* backend_check sees a wrong backend, whichever primitive is wrong and however seldom: each list here holds the portable backend
   and a copy of it with one fault, and the child process that asks it must end with that primitive's property. A right second
   backend must pass, and one that cannot run here must be named and never asked. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend_check.h"

const fuzz_target fuzz_this = {"backend_check_test", NULL, NULL};

static size_t joined_len(const csign_bytes *parts, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += parts[i].len;
    return len;
}

static const char *nothing(void)
{
    return NULL;
}

static const char *no_such_processor(void)
{
    return "no processor has this";
}

/* Wrong when the message's last block has 55 bytes. */
static void cmac_55(uint8_t tag[16], const uint8_t key[16], const csign_bytes *parts, size_t count)
{
    csign_backend_portable.cmac_aes128(tag, key, parts, count);
    tag[15] ^= joined_len(parts, count) % 64 == 55;
}

/* Wrong when a part that is not the last ends inside a block. */
static void gmac_cut(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const csign_bytes *parts,
                     size_t count)
{
    csign_backend_portable.gmac_aes128(tag, key, nonce, parts, count);
    tag[0] ^= count > 1 && parts[0].len % 16;
}

/* Takes a key of more than one block as it is. */
static void hmac_long(uint8_t mac[32], csign_bytes key, const csign_bytes *parts, size_t count)
{
    csign_backend_portable.hmac_sha256(mac, (csign_bytes){key.data, key.len > 64 ? 64 : key.len}, parts, count);
}

/* Leaves the last part out when it is empty, and one more with it. */
static void sha512_empty(uint8_t digest[64], const csign_bytes *parts, size_t count)
{
    csign_backend_portable.sha512(digest, parts, count > 1 && !parts[count - 1].len ? count - 2 : count);
}

static void sha512_long(uint8_t digest[64], const csign_bytes *parts, size_t count)
{
    csign_backend_portable.sha512(digest, parts, count);
    volatile size_t behind = 64; /* compilers see through a plain 64 */
    digest[behind] = 0;
}

static void never(uint8_t tag[16], const uint8_t key[16], const csign_bytes *parts, size_t count)
{
    (void)tag, (void)key, (void)parts, (void)count;
    abort();
}

static const csign_backend right = {.name = "right", .missing = nothing};

/* Asks lengths 0..200 in one to four parts. */
static void ask(const csign_backend *second)
{
    const csign_backend *const list[] = {&csign_backend_portable, second, NULL};
    static uint8_t text[200], key[100];
    backend_answers answers;
    backend_start(list);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 37 + 5);
    for (size_t len = 0; len <= sizeof text; len++) {
        csign_bytes parts[4];
        const uint16_t cuts[3] = {(uint16_t)(len / 3), (uint16_t)(len / 2), 200};
        backend_question q = {.hmac_key = {key, len % 101}, .parts = parts, .part_count = 1 + len % 4};
        memset(q.key, (int)len, sizeof q.key);
        memset(q.nonce, (int)len, sizeof q.nonce);
        fuzz_cut(parts, q.part_count, (csign_bytes){text, len}, cuts);
        backend_check(list, &q, &answers);
    }
}

/* What a child that asks this backend prints; *exit_code is 0, or 1 when it was ended by a signal. */
static char *outcome(const csign_backend *second, int *exit_code)
{
    static char text[4096];
    int pipes[2], status;
    if (pipe(pipes))
        abort();
    pid_t child = fork();
    if (child < 0)
        abort();
    if (!child) {
        dup2(pipes[1], 2);
        close(pipes[0]);
        ask(second);
        _exit(0);
    }
    close(pipes[1]);
    size_t len = 0;
    for (ssize_t n; (n = read(pipes[0], text + len, sizeof text - 1 - len)) > 0;)
        len += (size_t)n;
    text[len] = 0;
    close(pipes[0]);
    waitpid(child, &status, 0);
    *exit_code = !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return text;
}

static int failures;

static void expect(csign_backend second, bool passes, const char *said)
{
    int exit_code;
    const char *text = outcome(&second, &exit_code);
    if (exit_code == (passes ? 0 : 1) && (said ? strstr(text, said) != NULL : !*text))
        return;
    failures++;
    fprintf(stderr, "backend %s: %s, but said: %s\n", second.name, passes ? "should pass" : "should be seen", text);
}

int main(void)
{
    csign_backend b = csign_backend_portable;
    b.name = "copy";
    expect(b, true, NULL);

    b = right, b.name = "cmac", b.cmac_aes128 = cmac_55;
    expect(b, false, "every backend's AES-128-CMAC is the portable one's");
    b = right, b.name = "gmac", b.gmac_aes128 = gmac_cut;
    expect(b, false, "every backend's AES-128-GMAC is the portable one's");
    b = right, b.name = "hmac", b.hmac_sha256 = hmac_long;
    expect(b, false, "every backend's HMAC-SHA-256 is the portable one's");
    b = right, b.name = "sha512", b.sha512 = sha512_empty;
    expect(b, false, "every backend's SHA-512 is the portable one's");
    b = right, b.name = "long", b.sha512 = sha512_long;
    expect(b, false, "a backend writes its answer and no more");
    b = right, b.name = "empty";
    expect(b, false, "a backend has a name and an entry");

    b = right, b.name = "elsewhere", b.cmac_aes128 = never, b.missing = no_such_processor;
    expect(b, true, "backend elsewhere NOT RUN: no processor has this");
    b.missing = nothing;
    expect(b, false, NULL); /* and would have been asked otherwise */

    printf("%d failures\n", failures);
    return failures != 0;
}
