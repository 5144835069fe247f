/* SPDX-License-Identifier: Apache-2.0 */
/* csign_compound_next on any bytes: the walk ends, its elements tile the message without gap or overlap, each begins with a good
   header, and it stops exactly where a naive walk does (MS-SMB2 2.2.1, 3.3.5.2.7). The input is the message. */
#include "refusals.h"
#include "views.h"

static bool header_good(csign_bytes rest)
{
    return rest.len >= 64 && fuzz_le(rest.data, 4) == 0x424D53FE && fuzz_le(rest.data + 4, 2) == 64;
}

/* The length of the element at the start of rest; 0: there is none that can be. */
static size_t element_len(csign_bytes rest)
{
    if (!header_good(rest))
        return 0;
    size_t next = fuzz_le(rest.data + 20, 4);
    if (!next)
        return rest.len;
    return next >= 64 && next % 8 == 0 && next <= rest.len ? next : 0;
}

static void check_end(csign_bytes message, size_t offset)
{
    size_t none = 0;
    if (offset)
        CHECK(csign_compound_next(message, &offset, &none) == CSIGN_BAD_ARGUMENT && !none,
              "after a failure the walk does not go on");
}

static void one(const uint8_t *input, size_t size)
{
    csign_bytes message = {input, size};
    size_t offset = 0, len = 0, end = 0, elements = 0;
    for (;;) {
        csign_bytes rest = {input + end, size - end};
        size_t expected = element_len(rest);
        bool last = elements && !fuzz_le(input + offset + 20, 4);
        csign_status status = csign_compound_next(message, &offset, &len);
        fuzz_outcome_number((uint64_t)status << 32 | len);
        fuzz_too_short(!elements && status == CSIGN_TRUNCATED);
        if (last) {
            CHECK(status == CSIGN_OK && !len && end == size,
                  "the walk ends with its last element, at the end of the message");
            return;
        }
        CHECK((status == CSIGN_OK) == (expected > 0), "an element is given if and only if it can be one");
        CHECK(status == CSIGN_OK || status == CSIGN_TRUNCATED || status == CSIGN_MALFORMED,
              "a refusal says what is wrong");
        if (status != CSIGN_OK) {
            CHECK(!len && offset == end, "a refusal says where, and gives no element");
            check_end(message, offset);
            return;
        }
        CHECK(offset == end && len == expected && len >= 64 && len <= size - offset, "elements tile the message");
        csign_header h;
        CHECK(csign_header_parse(&h, (csign_bytes){input + offset, len}) == CSIGN_OK, "an element has a good header");
        views_check_header(&h, (csign_bytes){input + offset, len});
        refusals_walk(message, offset, len);
        end = offset + len;
        CHECK(++elements <= size / 64, "the walk ends");
    }
}

const fuzz_target fuzz_this = {"compound", NULL, one};
