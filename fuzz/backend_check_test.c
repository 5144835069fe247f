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

static size_t joined_len(const csign_message *message)
{
    size_t len = 0;
    for (size_t i = 0; i < message->part_count; i++)
        len += message->parts[i].len;
    return len;
}

/* Wrong when the message's last block has 55 bytes. */
static void cmac_55(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    csign_backend_portable.cmac(key, tag, message);
    tag[15] ^= joined_len(message) % 64 == 55;
}

/* Does not set the flag in the header. */
static void cmac_header(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    uint8_t header[MESSAGE_HEADER];
    csign_bytes parts[5] = {{header, sizeof header}};
    if (!message->header) {
        csign_backend_portable.cmac(key, tag, message);
        return;
    }
    memcpy(header, message->header, sizeof header);
    memset(header + 48, 0, 16);
    memcpy(parts + 1, message->parts, message->part_count * sizeof *parts);
    csign_backend_portable.cmac(key, tag, &(csign_message){NULL, parts, 1 + message->part_count});
}

/* Leaves out the job behind the seventeenth. */
static void cmac_batch_17(csign_mac_job *const *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (i != 17)
            csign_backend_portable.cmac(jobs[i]->key, jobs[i]->mac, &jobs[i]->message);
}

/* Gives two jobs one nonce. */
static void gmac_batch_nonce(csign_mac_job *const *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        csign_backend_portable.gmac(jobs[i]->key, jobs[i]->mac, (csign_nonce){jobs[i]->nonce.low, 0},
                                    &jobs[i]->message);
}

static void cmac_long(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    csign_backend_portable.cmac(key, tag, message);
    volatile size_t behind = 16; /* compilers see through a plain 16 */
    tag[behind] = 0;
}

/* Wrong when a part that is not the last ends inside a block. */
static void gmac_cut(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message)
{
    csign_backend_portable.gmac(key, tag, nonce, message);
    tag[0] ^= message->part_count > 1 && message->parts[0].len % 16;
}

/* Takes a key of more than one block as it is. */
static void hmac_key_long(csign_hmac_key *out, csign_bytes key)
{
    csign_backend_portable.hmac_key(out, (csign_bytes){key.data, key.len > 64 ? 64 : key.len});
}

/* Does not move on when it is given more than one block. */
static void sha512_blocks_first(uint64_t hash[8], const uint8_t *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        csign_backend_portable.sha512_blocks(hash, blocks, 1);
}

static void never(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    (void)key, (void)tag, (void)message;
    abort();
}

static const csign_backend right = {.name = "right"};

/* Asks lengths 0..300 in one to four parts. */
static void ask(const csign_backend *second)
{
    const csign_backend *const list[] = {&csign_backend_portable, second, NULL};
    static uint8_t text[300], key[100];
    backend_answers answers;
    backend_start(list);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 37 + 5);
    for (size_t len = 0; len <= sizeof text; len++) {
        csign_bytes parts[4];
        const uint16_t cuts[3] = {(uint16_t)(len / 3), (uint16_t)(len / 2), 300};
        backend_question q = {.hmac_key = {key, len % 101}, .message = {NULL, parts, 1 + len % 4}};
        memset(q.key, (int)len, sizeof q.key);
        memset(q.nonce, (int)len, sizeof q.nonce);
        fuzz_cut(parts, q.message.part_count, (csign_bytes){text, len}, cuts);
        backend_check(list, &q, &answers);
        if (len == 299) { /* and once with a header, and in a batch */
            q.message.header = key;
            backend_check(list, &q, &answers);
            backend_question batch[20];
            for (size_t i = 0; i < 20; i++)
                batch[i] = q;
            backend_check_batch(list, batch, 20);
        }
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

    b = right, b.name = "cmac", b.cmac_key = csign_backend_portable.cmac_key, b.cmac = cmac_55;
    expect(b, false, "every backend's AES-128-CMAC is the portable one's");
    b.cmac = cmac_long;
    expect(b, false, "a backend writes its answer and no more");
    b.cmac = cmac_header;
    expect(b, false, "every backend's AES-128-CMAC is the portable one's");
    b.cmac = csign_backend_portable.cmac, b.cmac_batch = cmac_batch_17;
    expect(b, false, "every backend's AES-128-CMAC is the portable one's");
    b = right, b.name = "gmac", b.gmac_key = csign_backend_portable.gmac_key, b.gmac = csign_backend_portable.gmac;
    b.gmac_batch = gmac_batch_nonce;
    expect(b, false, "every backend's AES-128-GMAC is the portable one's");
    b = right, b.name = "gmac", b.gmac_key = csign_backend_portable.gmac_key, b.gmac = gmac_cut;
    expect(b, false, "every backend's AES-128-GMAC is the portable one's");
    b = right, b.name = "hmac", b.hmac_key = hmac_key_long, b.hmac = csign_backend_portable.hmac;
    expect(b, false, "every backend's HMAC-SHA-256 is the portable one's");
    b = right, b.name = "sha512", b.sha512_blocks = sha512_blocks_first;
    expect(b, false, "every backend's SHA-512 is the portable one's");
    b = right, b.name = "empty";
    expect(b, false, "a backend has a name and an entry");

    b = right, b.name = "elsewhere", b.cmac_key = csign_backend_portable.cmac_key, b.cmac = never, b.needs = 1u << 31;
    expect(b, true, "backend elsewhere NOT RUN: no processor has this");
    b.needs = 0;
    expect(b, false, NULL); /* and would have been asked otherwise */

    printf("%d failures\n", failures);
    return failures != 0;
}
