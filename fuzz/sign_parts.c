/* SPDX-License-Identifier: Apache-2.0 */
/* A message in parts is the message: csign_mac, csign_sign_parts and csign_verify_parts over any number of parts, each in a heap
   block of its own, empty ones among them, against the calls that take it in one piece and against a second reading of rules and
   MAC. Parts that cannot be (NULL with a length, lengths that add up past SIZE_MAX, for signing any that overlaps the header) are refused and
   nothing changes. Input: algorithm u8 (modulo 3; the rest says by which backend: 0, by the library's choice), key 16, flags u8 (1: empty parts are NULL; 2: the header is signed first), fault
   u8 (modulo 5, 0: none), parts u8 (modulo 65), message with its header; the cuts follow from a seed u16 behind `parts`. */
#include <stdlib.h>

#include "each_backend.h"
#include "sign_model.h"

enum { PARTS_MAX = 64 };
enum { EMPTY_IS_NULL = 1, SIGN_FIRST = 2 };
enum { NO_FAULT, NULL_PART, TOO_LONG, NULL_PARTS, OVER_HEADER, FAULTS };

typedef struct parted {
    uint8_t header[64];
    uint8_t *blocks[PARTS_MAX];
    csign_bytes parts[PARTS_MAX + 2];
    size_t count;
} parted;

/* Cuts by a sequence of its own (a linear congruence), which a seed of two bytes starts: an eighth of the parts is empty. Without
   any part there is only the header. */
static void cut(parted *p, csign_bytes message, size_t count, uint16_t seed, bool empty_is_null)
{
    uint16_t cuts[PARTS_MAX];
    uint32_t state = seed;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        uint32_t left = (uint32_t)(2 * (message.len - 64) / (count - i) + 1);
        cuts[i] = (uint16_t)(state >> 29 ? (state >> 8) % left : 0);
    }
    memcpy(p->header, message.data, 64);
    p->count = count;
    fuzz_cut(p->parts, count, (csign_bytes){message.data + 64, count ? message.len - 64 : 0}, cuts);
    for (size_t i = 0; i < count; i++) {
        p->blocks[i] = fuzz_copy(p->parts[i]);
        p->parts[i].data = p->parts[i].len || !empty_is_null ? p->blocks[i] : NULL;
    }
}

static void release(parted *p, csign_bytes message)
{
    size_t at = 64;
    for (size_t i = 0; i < p->count; i++) {
        if (p->blocks[i] && message.len > at)
            CHECK(!memcmp(p->blocks[i], message.data + at, p->parts[i].len), "no part is written to");
        at += p->parts[i].len;
        free(p->blocks[i]);
    }
}

/* Puts one fault among the parts. */
static void spoil(parted *p, csign_bytes *parts, size_t *count, unsigned fault)
{
    size_t half = p->count / 2;
    memcpy(parts, p->parts, sizeof p->parts);
    *count = p->count;
    switch (fault) {
    case NULL_PART:
        memmove(parts + half + 1, parts + half, (p->count - half) * sizeof *parts);
        parts[half] = (csign_bytes){NULL, 1};
        ++*count;
        break;
    case TOO_LONG: /* with the header's 64 bytes one more than there can be; refused before it is read */
        parts[p->count] = (csign_bytes){p->header, SIZE_MAX / 2};
        parts[p->count + 1] = (csign_bytes){p->header, SIZE_MAX - SIZE_MAX / 2 - 63};
        *count += 2;
        break;
    case OVER_HEADER:
        parts[p->count] = (csign_bytes){p->header + 63, 1};
        ++*count;
        break;
    default:
        break;
    }
}

static void check_refusals(const csign_signer *signer, parted *p, unsigned fault)
{
    static const char nothing_changes[] = "parts that cannot be are refused, and nothing changes";
    csign_bytes parts[PARTS_MAX + 2];
    size_t count;
    uint8_t tag[16], kept[64];
    spoil(p, parts, &count, fault);
    const csign_bytes *list = fault == NULL_PARTS ? NULL : parts;
    if (fault == NO_FAULT || (fault == NULL_PARTS && !count))
        return;
    memcpy(kept, p->header, 64);
    CHECK(csign_sign_parts(signer, p->header, list, count) == CSIGN_BAD_ARGUMENT && !memcmp(kept, p->header, 64),
          nothing_changes);
    for (size_t n = 1; n <= 2; n++) { /* alone, and beside another */
        csign_job jobs[2] = {{signer, p->header, 64, CSIGN_OK, list, count}, {signer, NULL, 64, CSIGN_OK, list, count}};
        CHECK(csign_sign_batch(jobs, n) == n && jobs[0].status == CSIGN_BAD_ARGUMENT && !memcmp(kept, p->header, 64),
              nothing_changes);
    }
    if (fault == OVER_HEADER) /* only signing writes to the header */
        return;
    CHECK(csign_verify_parts(signer, p->header, list, count) == CSIGN_BAD_ARGUMENT, nothing_changes);
    memset(tag, 0xA5, sizeof tag);
    CHECK(csign_mac(signer, tag, p->header, list, count) == CSIGN_BAD_ARGUMENT && fuzz_all(tag, 16, 0),
          nothing_changes);
}

static void check(const csign_signer *signer, csign_signing_algorithm algorithm, const uint8_t key[16], parted *p,
                  csign_bytes message)
{
    uint8_t *whole = fuzz_copy(message), tag[16], expected[16], kept[64];
    csign_bytes body = {whole + 64, message.len - 64};
    model_mac(expected, algorithm, key, message);
    CHECK(csign_mac(signer, tag, p->header, p->parts, p->count) == CSIGN_OK && !memcmp(tag, expected, 16),
          "the MAC of parts is the MAC of the message");
    CHECK(csign_mac(signer, tag, whole, &body, 1) == CSIGN_OK && !memcmp(tag, expected, 16),
          "the MAC of one part is the MAC of the message");
    fuzz_outcome(tag, sizeof tag);

    csign_status status = csign_verify_parts(signer, p->header, p->parts, p->count), rule = model_verify(message);
    CHECK(status == (rule == CSIGN_OK && memcmp(expected, message.data + 48, 16) ? CSIGN_BAD_SIGNATURE : rule),
          "parts verify if and only if the signature is that of the message, and by the rules");
    CHECK(status == csign_verify(signer, whole, message.len), "verifying parts is verifying the message");
    fuzz_outcome_number(status);

    memcpy(kept, p->header, 64);
    status = csign_sign_parts(signer, p->header, p->parts, p->count);
    CHECK(status == csign_sign(signer, whole, message.len) && !memcmp(p->header, whole, 64),
          "signing parts is signing the message");
    CHECK(status == model_sign(algorithm, message), "parts are signed or refused by the rules");
    fuzz_outcome_number(status);
    if (status == CSIGN_OK) {
        kept[16] |= 8;
        memcpy(kept + 48, expected, 16);
        CHECK(csign_verify_parts(signer, p->header, p->parts, p->count) == CSIGN_OK, "what was signed verifies");
    }
    CHECK(!memcmp(kept, p->header, 64), "signing changes the SIGNED bit and the signature alone");
    CHECK(!memcmp(whole + 64, message.data + 64, message.len - 64), "signing changes no body");
    free(whole);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    uint8_t which = fuzz_take_u8(&r);
    csign_signing_algorithm algorithm = (csign_signing_algorithm)(which % 3);
    uint8_t key[16];
    fuzz_take(&r, key, sizeof key);
    uint8_t flags = fuzz_take_u8(&r), fault = fuzz_take_u8(&r) % FAULTS;
    size_t count = fuzz_take_u8(&r) % (PARTS_MAX + 1);
    uint16_t seed = fuzz_take_u16(&r);
    csign_bytes message = fuzz_rest(&r);
    fuzz_too_short(message.len < 64);
    if (message.len < 64)
        return;
    if (!count)
        message.len = 64;
    uint8_t *copy = fuzz_copy(message);
    message.data = copy;
    if (flags & SIGN_FIRST) {
        copy[16] |= 8;
        model_mac(copy + 48, algorithm, key, message);
    }
    csign_signer signer;
    parted p = {0};
    CHECK(each_backend_signer(&signer, which / 3, algorithm, key) == CSIGN_OK, "every 16 bytes are a key");
    cut(&p, message, count, seed, flags & EMPTY_IS_NULL);
    check_refusals(&signer, &p, fault);
    check(&signer, algorithm, key, &p, message);
    release(&p, message);
    free(copy);
}

const fuzz_target fuzz_this = {"sign_parts", NULL, one};
