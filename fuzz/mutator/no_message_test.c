/* SPDX-License-Identifier: Apache-2.0 */
/* The mutator puts messages together, it does not hold any: at no place of its objects, code and tables alike, does anything begin
   that lib/ takes for a NEGOTIATE request or response, for a header or a compound, nor a capture with a packet or a context with
   its data. usage: no_message_test ARCHIVE... What is searched for is planted once, behind the archive's own bytes, and must be seen. */
#include <countersign/countersign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../inputs.h"

/* A whole context: a type that MS-SMB2 knows, and a Data of 4 bytes or more that its count and ids fit exactly. */
static bool whole_context(csign_bytes b)
{
    static const uint8_t ids_at[] = {0, 4, 2, 8, 0, 0, 0, 8, 2};
    if (b.len < 16 || b.data[1] || !b.data[0] || b.data[0] > 8 || !ids_at[b.data[0]])
        return false;
    size_t len = b.data[2] | (size_t)b.data[3] << 8, count = b.data[8] | (size_t)b.data[9] << 8;
    size_t salt = b.data[0] == 1 ? b.data[10] | (size_t)b.data[11] << 8 : 0;
    return count && count < 16 && len <= b.len - 8 && len == ids_at[b.data[0]] + 2 * count + salt;
}

/* What begins at b, or NULL. */
static const char *message_at(csign_bytes b)
{
    csign_negotiate_request q;
    csign_negotiate_response s;
    csign_header h;
    static const uint8_t magics[4][4] = {
        {0xD4, 0xC3, 0xB2, 0xA1}, {0xA1, 0xB2, 0xC3, 0xD4}, {0x4D, 0x3C, 0xB2, 0xA1}, {0xA1, 0xB2, 0x3C, 0x4D}};
    size_t offset = 0, len = 0;
    if (csign_negotiate_request_parse(&q, b) == CSIGN_OK)
        return "a NEGOTIATE request";
    if (csign_negotiate_response_parse(&s, b) == CSIGN_OK)
        return "a NEGOTIATE response";
    if (csign_header_parse(&h, b) == CSIGN_OK || csign_compound_next(b, &offset, &len) == CSIGN_OK)
        return "an SMB2 header";
    for (size_t i = 0; i < 4 && b.len >= 24 + 16; i++)
        if (!memcmp(b.data, magics[i], 4) && (b.data[4] == 2 || b.data[5] == 2))
            return "a capture";
    return whole_context(b) ? "a whole negotiate context" : NULL;
}

static size_t found_in(const uint8_t *data, size_t size, bool say)
{
    size_t found = 0;
    for (size_t at = 0; at < size; at++) {
        const char *what = message_at((csign_bytes){data + at, size - at});
        if (what && say)
            fprintf(stderr, "no_message_test: %s at byte %zu\n", what, at);
        found += what != NULL;
    }
    return found;
}

/* Behind a copy of the archive's bytes, at an odd place, one example of each. */
static bool seen_when_planted(const uint8_t *data, size_t size, const uint8_t *example, size_t len)
{
    uint8_t *copy = malloc(size + len + 1);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    copy[size] = 0;
    memcpy(copy + size + 1, example, len);
    bool seen = found_in(copy, size + len + 1, false) > 0;
    free(copy);
    return seen;
}

static void search(const char *path, const uint8_t *data, size_t size, void *with)
{
    uint8_t request[102] = {0xFE, 'S', 'M', 'B', 64}, capture[40] = {0xD4, 0xC3, 0xB2, 0xA1, 2};
    const uint8_t context[16] = {8, 0, 4, 0, 0, 0, 0, 0, 1, 0, 1, 0};
    int *code = with;
    size_t found = found_in(data, size, true);
    request[64] = 36;
    request[66] = 1;
    if (!seen_when_planted(data, size, request, sizeof request) || !seen_when_planted(data, size, request, 64) ||
        !seen_when_planted(data, size, capture, sizeof capture) ||
        !seen_when_planted(data, size, context, sizeof context)) {
        fprintf(stderr, "no_message_test: a planted message was not seen\n");
        *code = 1;
    }
    printf("%s: %zu bytes, at %zu of them begins a message; 4 of 4 planted ones seen\n", path, size, found);
    if (found || size < 1000)
        *code = 1;
}

int main(int argc, char **argv)
{
    int code = argc > 1 ? 0 : 2;
    for (int i = 1; i < argc; i++)
        if (inputs_each(argv[i], false, search, &code) != 1)
            code = 2;
    return code;
}
