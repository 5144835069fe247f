/* SPDX-License-Identifier: Apache-2.0 */
/* sign_verify, and beside it a count of what its mutants' signatures are: how many verify and how many do not, by algorithm. Whatever
   verifies is asked of every oracle, and one that has another tag ends the process. At the end the table is printed and
   judged; the counting is not instrumented and has no part in what sign_verify does. ci/resign runs it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz/oracles.h"

/* fuzz/sign_verify.c under another name; not there where a planted fault is to be seen by the oracles and not by its properties. */
extern const fuzz_target sign_verify_target __attribute__((weak));

enum { CONTROL = 25, KEY_LEN = 16, ALGORITHMS = 3, LEAST_PERCENT = 30 };

static unsigned long verified[ALGORITHMS], bad[ALGORITHMS], refused[ALGORITHMS];

static void judge(void)
{
    static const char *const names[ALGORITHMS] = {"HMAC-SHA256", "AES-CMAC", "AES-GMAC"};
    int code = 0;
    printf("%-12s %10s %18s %18s %18s\n", "algorithm", "executions", "verified", "bad signature", "refused by rule");
    for (size_t i = 0; i < ALGORITHMS; i++) {
        unsigned long all = verified[i] + bad[i] + refused[i];
        double percent = all ? 100.0 / (double)all : 0;
        printf("%-12s %10lu %10lu %5.1f %% %10lu %5.1f %% %10lu %5.1f %%\n", names[i], all, verified[i],
               percent * (double)verified[i], bad[i], percent * (double)bad[i], refused[i],
               percent * (double)refused[i]);
        if (100 * verified[i] < LEAST_PERCENT * all || 100 * bad[i] < LEAST_PERCENT * all || !all)
            code = 1;
    }
    fflush(stdout);
    if (code) {
        fprintf(stderr, "resign: less than %d %% of one algorithm's messages verify, or less than that fail\n",
                LEAST_PERCENT);
        _exit(1);
    }
}

static void start(void)
{
    diff_init();
    if (atexit(judge))
        abort();
}

static void tally(csign_bytes control, csign_bytes message)
{
    uint8_t key[KEY_LEN];
    csign_signer signer;
    csign_signing_algorithm algorithm = (csign_signing_algorithm)(control.data[0] % ALGORITHMS);
    memcpy(key, control.data + 1, sizeof key);
    CHECK(csign_signer_init(&signer, algorithm, key) == CSIGN_OK, "every 16 bytes are a key");
    csign_status status = csign_verify(&signer, message.data, message.len);
    if (status == CSIGN_OK) {
        verified[algorithm]++;
        diff_signature("a message that verifies", message.data + 48, algorithm, key, message.data, message.len);
    } else if (status == CSIGN_BAD_SIGNATURE) {
        bad[algorithm]++;
    } else {
        refused[algorithm]++;
    }
}

static void one(const uint8_t *input, size_t size)
{
    if (size >= CONTROL)
        tally((csign_bytes){input, CONTROL}, (csign_bytes){input + CONTROL, size - CONTROL});
    if (&sign_verify_target)
        sign_verify_target.one(input, size);
}

const fuzz_target fuzz_this = {"resign", start, one};
