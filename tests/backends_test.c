/* SPDX-License-Identifier: Apache-2.0 */
/* Every backend that runs here gives what the portable one gives: for every length from 0 to 4,200 at alignments from 0 to 63, in one
   piece and in up to four parts, with a header and without. Prints each backend, and what keeps it from running; backends_run_test
   compares that with what the system says of the processor. With EVERY_ALIGNMENT all 64, else a few for each length; with LIST_ONLY
   no length but 0. */
#include "fuzz/backend_ask.h"

#include <stdalign.h>

#include "check.h"
#include "pseudo_random.h"

#ifndef EVERY_ALIGNMENT
#define EVERY_ALIGNMENT 0
#endif

#ifndef LIST_ONLY
#define LIST_ONLY 0
#endif

enum { LONGEST = 4200, ALIGNMENTS = 64, PARTS_MAX = 4 };

static uint8_t text[LONGEST], header[MESSAGE_HEADER];
static alignas(ALIGNMENTS) uint8_t moved[LONGEST + ALIGNMENTS], moved_header[MESSAGE_HEADER + ALIGNMENTS];
static uint64_t state = 1;

/* What the portable backend gives for the first len bytes of text, without a header and with one. */
typedef struct expectation {
    uint8_t answer[2][CSIGN_SHA512 + 1][BACKEND_ANSWER_MAX];
} expectation;

static backend_question question(size_t len)
{
    backend_question q = {.hmac_key = {text, len % 131}};
    memcpy(q.key, text + len % 61, sizeof q.key);
    memcpy(q.nonce, text + len % 53, sizeof q.nonce);
    return q;
}

static void expect(expectation *e, size_t len)
{
    const csign_bytes whole = {text, len};
    for (unsigned with = 0; with < 2; with++) {
        backend_question q = question(len);
        q.message = (csign_message){with ? header : NULL, &whole, 1};
        for (csign_primitive p = CSIGN_CMAC; p <= CSIGN_SHA512; p++) {
            backend_ask(&csign_backend_portable, p, &q, e->answer[with][p]);
        }
    }
}

/* Up to four parts that joined are the len bytes at p, some of them empty, and of those some NULL. */
static size_t cut(csign_bytes parts[PARTS_MAX], const uint8_t *p, size_t len)
{
    const size_t count = 2 + pseudo_random_below(&state, PARTS_MAX - 1);
    for (size_t i = 0; i < count; i++) {
        const size_t n = i + 1 == count                        ? len
                         : pseudo_random_below(&state, 4) == 0 ? 0
                                                               : pseudo_random_below(&state, len + 1);
        parts[i] = (csign_bytes){n == 0 && pseudo_random_below(&state, 2) == 0 ? NULL : p, n};
        p += n;
        len -= n;
    }
    return count;
}

static void ask(const csign_backend *b, const expectation *e, size_t len, size_t alignment)
{
    csign_bytes parts[PARTS_MAX];
    const csign_bytes whole = {moved + alignment, len};
    const size_t part_count = cut(parts, moved + alignment, len);
    const unsigned with =
        (unsigned)(len / ALIGNMENTS + alignment) % 2; /* the parts; the whole is asked the other way */
    const csign_message messages[2] = {{with ? NULL : moved_header + alignment, &whole, 1},
                                       {with ? moved_header + alignment : NULL, parts, part_count}};
    backend_question q = question(len);
    for (csign_primitive p = CSIGN_CMAC; p <= CSIGN_SHA512; p++) {
        for (unsigned i = 0; i < 2; i++) {
            uint8_t got[BACKEND_ANSWER_MAX];
            q.message = messages[i];
            const size_t got_len = backend_ask(b, p, &q, got);
            if (got_len != 0 && !CHECK(memcmp(got, e->answer[q.message.header != NULL][p], got_len) == 0)) {
                fprintf(stderr, "  %s, primitive %u, %zu bytes, alignment %zu, %zu parts, %s header\n", b->name,
                        (unsigned)p, len, alignment, q.message.part_count, q.message.header != NULL ? "a" : "no");
            }
        }
    }
}

static bool asked_at(size_t alignment, size_t len)
{
    return EVERY_ALIGNMENT || alignment == 0 || alignment == len % ALIGNMENTS || alignment == 7 * len % ALIGNMENTS;
}

static void every_length(void)
{
    for (size_t len = 0; len <= LONGEST; len++) {
        expectation e;
        expect(&e, len);
        for (size_t alignment = 0; alignment < ALIGNMENTS; alignment++) {
            if (!asked_at(alignment, len)) {
                continue;
            }
            memcpy(moved + alignment, text, len);
            memcpy(moved_header + alignment, header, sizeof header);
            for (size_t i = 0; csign_backends[i] != NULL; i++) {
                /* The portable one reads byte by byte: where that begins makes no difference. */
                if (csign_backend_missing(csign_backends[i]) == NULL && (i != 0 || alignment == len % ALIGNMENTS)) {
                    ask(csign_backends[i], &e, len, alignment);
                }
            }
        }
    }
}

static void no_parts(const csign_backend *b)
{
    for (csign_primitive p = CSIGN_CMAC; p <= CSIGN_SHA512; p++) {
        for (unsigned with = 0; with < 2; with++) {
            uint8_t expected[BACKEND_ANSWER_MAX], got[BACKEND_ANSWER_MAX];
            backend_question q = question(0);
            q.message.header = with ? header : NULL;
            backend_ask(&csign_backend_portable, p, &q, expected);
            CHECK_BYTES(got, expected, backend_ask(b, p, &q, got));
        }
    }
}

int main(void)
{
    const csign_backend *first = csign_backends[0];
    pseudo_random_fill(&state, text, sizeof text);
    pseudo_random_fill(&state, header, sizeof header);
    header[MESSAGE_FLAG_AT] &= (uint8_t)~MESSAGE_FLAG;
    CHECK(first == &csign_backend_portable && csign_backend_missing(first) == NULL);
    for (csign_primitive p = CSIGN_CMAC; p <= CSIGN_SHA512; p++) {
        CHECK(csign_backend_has(first, p));
    }
    for (size_t i = 0; csign_backends[i] != NULL; i++) {
        const csign_backend *b = csign_backends[i];
        const char *missing = csign_backend_missing(b);
        CHECK(b->name != NULL && i < CSIGN_BACKENDS_MAX);
        CHECK((b->cmac == NULL) == (b->cmac_key == NULL) && (b->cmac != NULL || b->cmac_batch == NULL));
        CHECK(b->cmac_alike == NULL || b->cmac_batch != NULL);
        CHECK((b->gmac == NULL) == (b->gmac_key == NULL) && (b->gmac != NULL || b->gmac_batch == NULL));
        CHECK(b->gmac_alike == NULL || b->gmac != NULL);
        CHECK((b->hmac == NULL) == (b->hmac_key == NULL) && (b->hmac != NULL || b->hmac_batch == NULL));
        printf("backend %s: %s%s\n", b->name, missing == NULL ? "run" : "NOT RUN: ", missing == NULL ? "" : missing);
        if (missing == NULL) {
            no_parts(b);
        }
    }
    if (!LIST_ONLY) {
        every_length();
    }
    return CHECK_RESULT();
}
