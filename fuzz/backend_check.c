/* SPDX-License-Identifier: Apache-2.0 */
/* See backend_check.h. Answers stand between guard bytes, so that one byte too many is seen without a sanitizer too. */
#include "backend_check.h"

#include <stdio.h>

enum { GUARD = 16, ANSWER_MAX = 64 };

typedef struct guarded {
    uint8_t before[GUARD], answer[ANSWER_MAX + GUARD];
} guarded;

size_t backend_start(const csign_backend *const *list)
{
    size_t run = 0;
    CHECK(list[0] && !list[0]->missing() && list[0]->cmac_aes128 && list[0]->gmac_aes128 && list[0]->hmac_sha256 &&
              list[0]->sha512,
          "the portable backend is first, runs anywhere and is whole");
    for (; *list; list++) {
        const csign_backend *b = *list;
        const char *missing = b->missing();
        CHECK(b->name && (b->cmac_aes128 || b->gmac_aes128 || b->hmac_sha256 || b->sha512),
              "a backend has a name and an entry");
        if (missing)
            fprintf(stderr, "%s: backend %s NOT RUN: %s\n", fuzz_this.name, b->name, missing);
        run += !missing;
    }
    return run;
}

static bool ask(const csign_backend *b, unsigned primitive, const backend_question *q, guarded *out)
{
    memset(out, 0xA5, sizeof *out);
    switch (primitive) {
    case 0:
        if (b->cmac_aes128)
            b->cmac_aes128(out->answer, q->key, q->parts, q->part_count);
        return b->cmac_aes128;
    case 1:
        if (b->gmac_aes128)
            b->gmac_aes128(out->answer, q->key, q->nonce, q->parts, q->part_count);
        return b->gmac_aes128;
    case 2:
        if (b->hmac_sha256)
            b->hmac_sha256(out->answer, q->hmac_key, q->parts, q->part_count);
        return b->hmac_sha256;
    default:
        if (b->sha512)
            b->sha512(out->answer, q->parts, q->part_count);
        return b->sha512;
    }
}

void backend_check(const csign_backend *const *list, const backend_question *question, backend_answers *answers)
{
    const struct {
        uint8_t *answer;
        size_t len;
        const char *property;
    } primitives[] = {
        {answers->cmac, sizeof answers->cmac, "every backend's AES-128-CMAC is the portable one's"},
        {answers->gmac, sizeof answers->gmac, "every backend's AES-128-GMAC is the portable one's"},
        {answers->hmac, sizeof answers->hmac, "every backend's HMAC-SHA-256 is the portable one's"},
        {answers->sha512, sizeof answers->sha512, "every backend's SHA-512 is the portable one's"},
    };
    for (unsigned p = 0; p < 4; p++) {
        for (size_t i = 0; list[i]; i++) {
            guarded out;
            if (list[i]->missing() || !ask(list[i], p, question, &out))
                continue;
            CHECK(fuzz_all(out.before, GUARD, 0xA5) &&
                      fuzz_all(out.answer + primitives[p].len, sizeof out.answer - primitives[p].len, 0xA5),
                  "a backend writes its answer and no more");
            if (i == 0)
                memcpy(primitives[p].answer, out.answer, primitives[p].len);
            else if (memcmp(primitives[p].answer, out.answer, primitives[p].len)) {
                fprintf(stderr, "backend %s differs from %s\n", list[i]->name, list[0]->name);
                CHECK(false, primitives[p].property);
            }
        }
    }
}
