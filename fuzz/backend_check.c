/* SPDX-License-Identifier: Apache-2.0 */
/* See backend_check.h. Answers stand between guard bytes, so that one byte too many is seen without a sanitizer too. */
#include "backend_check.h"

#include <stdio.h>

#include "lib/crypto/cpu.h"

enum { GUARD = 16 };

typedef struct guarded {
    uint8_t before[GUARD], answer[BACKEND_ANSWER_MAX + GUARD];
} guarded;

static const char *const same[] = {
    [CSIGN_CMAC] = "every backend's AES-128-CMAC is the portable one's",
    [CSIGN_GMAC] = "every backend's AES-128-GMAC is the portable one's",
    [CSIGN_HMAC] = "every backend's HMAC-SHA-256 is the portable one's",
    [CSIGN_SHA512] = "every backend's SHA-512 is the portable one's",
};

size_t backend_start(const csign_backend *const *list)
{
    size_t run = 0;
    CHECK(list[0] && !csign_backend_missing(list[0]) && list[0]->cmac && list[0]->gmac && list[0]->hmac &&
              list[0]->sha512_blocks,
          "the portable backend is first, runs anywhere and is whole");
    for (; *list; list++) {
        const csign_backend *b = *list;
        csign_cpu_limit(0);
        CHECK(!csign_backend_missing(b) == !b->needs, "a processor that has nothing misses what a backend needs");
        csign_cpu_limit(UINT32_MAX);
        const char *missing = csign_backend_missing(b);
        CHECK(b->name && (b->cmac || b->gmac || b->hmac || b->sha512_blocks), "a backend has a name and an entry");
        if (missing)
            fprintf(stderr, "%s: backend %s NOT RUN: %s\n", fuzz_this.name, b->name, missing);
        run += !missing;
    }
    return run;
}

static void compare(const csign_backend *b, csign_primitive primitive, const uint8_t *answer, const uint8_t *expected,
                    size_t len)
{
    if (memcmp(answer, expected, len)) {
        fprintf(stderr, "backend %s differs from the portable one\n", b->name);
        CHECK(false, same[primitive]);
    }
}

/* The portable backend's answer, after every other has given it. */
static void check(const csign_backend *const *list, csign_primitive primitive, const backend_question *q,
                  uint8_t *expected)
{
    for (size_t i = 0; list[i]; i++) {
        guarded out;
        if (csign_backend_missing(list[i]))
            continue;
        memset(&out, 0xA5, sizeof out);
        size_t len = backend_ask(list[i], primitive, q, out.answer);
        CHECK(fuzz_all(out.before, GUARD, 0xA5) && fuzz_all(out.answer + len, sizeof out.answer - len, 0xA5),
              "a backend writes its answer and no more");
        if (i == 0)
            memcpy(expected, out.answer, len);
        else
            compare(list[i], primitive, out.answer, expected, len);
    }
}

void backend_check(const csign_backend *const *list, const backend_question *question, backend_answers *answers)
{
    check(list, CSIGN_CMAC, question, answers->cmac);
    check(list, CSIGN_GMAC, question, answers->gmac);
    check(list, CSIGN_HMAC, question, answers->hmac);
    check(list, CSIGN_SHA512, question, answers->sha512);
}

void backend_check_batch(const csign_backend *const *list, const backend_question *questions, size_t count)
{
    static uint8_t expected[BACKEND_BATCH_MAX][BACKEND_ANSWER_MAX], answers[BACKEND_BATCH_MAX][32];
    for (csign_primitive p = CSIGN_CMAC; p < CSIGN_SHA512; p++) {
        size_t len = 0;
        for (size_t i = 0; i < count; i++)
            len = backend_ask(list[0], p, &questions[i], expected[i]);
        for (size_t at = 0; list[at]; at++)
            if (!csign_backend_missing(list[at]) && backend_ask_batch(list[at], p, questions, count, answers))
                for (size_t i = 0; i < count; i++)
                    compare(list[at], p, answers[i], expected[i], len);
    }
}
