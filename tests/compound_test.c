/* SPDX-License-Identifier: Apache-2.0 */
/* csign_compound_next: the walk's protocol, its arguments, every cut of a compound at the end of memory. */
#include "check.h"
#include "pages.h"
#include "samples.h"

enum { ELEMENT = 80, COUNT = 3 };

static void make_compound(uint8_t message[COUNT * ELEMENT])
{
    for (unsigned i = 0; i < COUNT; i++) {
        sample_message(message + i * ELEMENT, ELEMENT);
        message[i * ELEMENT + 20] = i + 1 < COUNT ? ELEMENT : 0;
    }
}

static void whole_walk(const uint8_t *message)
{
    csign_bytes bytes = {message, COUNT * ELEMENT};
    size_t offset = 0;
    size_t len = 0;
    for (size_t i = 0; i < COUNT; i++) {
        CHECK_STATUS(csign_compound_next(bytes, &offset, &len), CSIGN_OK);
        CHECK(offset == i * ELEMENT && len == ELEMENT);
    }
    CHECK_STATUS(csign_compound_next(bytes, &offset, &len), CSIGN_OK);
    CHECK(len == 0);
    CHECK_STATUS(csign_compound_next(bytes, &offset, &len), CSIGN_BAD_ARGUMENT);
}

static void every_cut(const uint8_t *message)
{
    pages room = pages_map(COUNT * ELEMENT);
    for (size_t cut = 0; cut < COUNT * ELEMENT; cut++) {
        uint8_t *tail = pages_tail(&room, cut);
        memcpy(tail, message, cut);
        csign_bytes bytes = sample_bytes(tail, cut);
        size_t offset = 0;
        size_t len = 0;
        csign_status status = CSIGN_OK;
        size_t covered = 0;
        for (unsigned i = 0; i < COUNT && status == CSIGN_OK; i++) {
            status = csign_compound_next(bytes, &offset, &len);
            CHECK(offset + len <= cut);
            covered += len;
        }
        /* A last element may be as long as one likes, so a cut inside its body is not seen. */
        CHECK((status == CSIGN_OK) == (cut >= 2 * ELEMENT + 64));
        CHECK(status == CSIGN_OK ? covered == cut : len == 0);
        CHECK(status == CSIGN_OK || status == CSIGN_TRUNCATED);
    }
    pages_unmap(&room);
}

static void arguments(const uint8_t *message)
{
    csign_bytes bytes = {message, COUNT * ELEMENT};
    csign_bytes contradiction = {NULL, 64};
    size_t offset = 0;
    size_t len = 0;
    CHECK_STATUS(csign_compound_next(bytes, NULL, &len), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_compound_next(bytes, &offset, NULL), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_compound_next(contradiction, &offset, &len), CSIGN_BAD_ARGUMENT);
    const size_t wrong[][2] = {{8, 0},          {COUNT * ELEMENT, 0}, {SIZE_MAX, 0},    {0, 8},
                               {0, 64},         {0, ELEMENT + 8},     {ELEMENT, 400},   {1, SIZE_MAX},
                               {SIZE_MAX, 100}, {0, SIZE_MAX},        {2 * ELEMENT, 79}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        offset = wrong[i][0];
        len = wrong[i][1];
        CHECK_STATUS(csign_compound_next(bytes, &offset, &len), CSIGN_BAD_ARGUMENT);
        CHECK(len == 0);
    }
}

/* An element that an earlier call gave has at least a header, even if NextCommand says otherwise. */
static void too_short_to_be_given(void)
{
    uint8_t message[COUNT * ELEMENT];
    for (uint8_t claimed = 8; claimed < 64; claimed = (uint8_t)(claimed + 8)) {
        make_compound(message);
        message[20] = claimed;
        message[21] = 0;
        size_t offset = 0;
        size_t len = claimed;
        CHECK_STATUS(csign_compound_next(sample_bytes(message, sizeof message), &offset, &len), CSIGN_BAD_ARGUMENT);
    }
}

int main(void)
{
    uint8_t message[COUNT * ELEMENT + 7];
    for (size_t shift = 0; shift < 8; shift++) {
        make_compound(message + shift);
        whole_walk(message + shift);
    }
    make_compound(message);
    every_cut(message);
    arguments(message);
    too_short_to_be_given();
    csign_bytes empty = {NULL, 0};
    size_t offset = 0;
    size_t len = 0;
    CHECK_STATUS(csign_compound_next(empty, &offset, &len), CSIGN_TRUNCATED);
    return CHECK_RESULT();
}
