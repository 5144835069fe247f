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
    CHECK(list[0] && !csign_backend_missing(list[0]) && list[0]->cmac && list[0]->gmac && list[0]->hmac &&
              list[0]->sha512_blocks,
          "the portable backend is first, runs anywhere and is whole");
    for (; *list; list++) {
        const csign_backend *b = *list;
        const char *missing = csign_backend_missing(b);
        CHECK(b->name && (b->cmac || b->gmac || b->hmac || b->sha512_blocks), "a backend has a name and an entry");
        if (missing)
            fprintf(stderr, "%s: backend %s NOT RUN: %s\n", fuzz_this.name, b->name, missing);
        run += !missing;
    }
    return run;
}

static bool ask(const csign_backend *b, unsigned primitive, const backend_question *q, guarded *out)
{
    const csign_message message = {NULL, q->parts, q->part_count};
    csign_cmac_key cmac;
    csign_gmac_key gmac;
    csign_hmac_key hmac;
    csign_sha512_stream sha512;
    memset(out, 0xA5, sizeof *out);
    switch (primitive) {
    case 0:
        if (!b->cmac)
            return false;
        b->cmac_key(&cmac, q->key);
        b->cmac(&cmac, out->answer, &message);
        return true;
    case 1:
        if (!b->gmac)
            return false;
        b->gmac_key(&gmac, q->key);
        b->gmac(&gmac, out->answer, csign_nonce_load(q->nonce), &message);
        return true;
    case 2:
        if (!b->hmac)
            return false;
        b->hmac_key(&hmac, q->hmac_key);
        b->hmac(&hmac, out->answer, &message);
        return true;
    default:
        if (!b->sha512_blocks)
            return false;
        csign_sha512_start(&sha512, b->sha512_blocks);
        for (size_t i = 0; i < q->part_count; i++)
            csign_sha512_update(&sha512, q->parts[i]);
        csign_sha512_finish(&sha512, out->answer);
        return true;
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
            if (csign_backend_missing(list[i]) || !ask(list[i], p, question, &out))
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
