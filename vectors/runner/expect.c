/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing what came out with the values of one test; see case.h. */
#include "case_name.h"

#include <string.h>

static void hex(char *out, size_t out_len, const uint8_t *bytes, size_t len)
{
    size_t shown = len < (out_len - 4) / 2 ? len : (out_len - 4) / 2;
    for (size_t i = 0; i < shown; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    snprintf(out + 2 * shown, 4, "%s", shown < len ? "..." : "");
}

void case_expect_same(vector_case *c, const char *what, const uint8_t *expected, const uint8_t *actual, size_t len)
{
    if (len == 0 || memcmp(expected, actual, len) == 0)
        return;
    char want[132], got[132];
    hex(want, sizeof want, expected, len);
    hex(got, sizeof got, actual, len);
    case_fail(c, "%s is %s, not %s", what, got, want);
}

void case_expect(vector_case *c, const char *name, const uint8_t *actual, size_t len)
{
    csign_bytes expected = case_bytes(c, "%s", name);
    if (case_failed(c))
        return;
    if (expected.len != len) {
        case_fail(c, "field '%s' has %zu bytes, not the %zu of the output", name, expected.len, len);
    } else if (case_is_valid(c)) {
        case_expect_same(c, name, expected.data, actual, len);
    } else if (len == 0 || memcmp(expected.data, actual, len) == 0) {
        case_fail(c, "%s came out, though the test says that it is wrong", name);
    }
}

void case_expect_number(vector_case *c, uint64_t actual, const char *format, ...)
{
    MAKE_NAME(name);
    uint64_t expected = case_number(c, "%s", name.text);
    if (expected != actual) {
        case_fail(c, "%s is %llu, not %llu", name.text, (unsigned long long)actual, (unsigned long long)expected);
    }
}

void case_expect_bool(vector_case *c, bool actual, const char *format, ...)
{
    MAKE_NAME(name);
    bool expected = case_bool(c, "%s", name.text);
    if (expected != actual)
        case_fail(c, "%s is %d, not %d", name.text, actual, expected);
}

/* "CSIGN_" is left out in the files: the names are those of the concept, not of this library. */
static const char *status_word(csign_status status)
{
    return csign_status_name(status) + strlen("CSIGN_");
}

static void compare_status(vector_case *c, csign_status actual, const char *name)
{
    const char *expected = case_text(c, "%s", name);
    if (strcmp(expected, status_word(actual)) != 0) {
        case_fail(c, "%s is %s, not %s", name, status_word(actual), expected);
    }
}

void case_status_is(vector_case *c, csign_status actual, const char *format, ...)
{
    MAKE_NAME(name);
    compare_status(c, actual, name.text);
}

bool case_expect_status(vector_case *c, csign_status actual)
{
    compare_status(c, actual, "status");
    if (case_is_valid(c) && strcmp(case_text(c, "status"), "OK") != 0) {
        case_fail(c, "a valid test cannot expect the status %s", case_text(c, "status"));
    }
    return !case_failed(c) && actual == CSIGN_OK;
}

bool case_expect_verdict(vector_case *c, csign_status actual)
{
    bool ok = case_expect_status(c, actual);
    if (ok && !case_is_valid(c)) {
        case_fail(c, "an invalid test cannot expect the status OK");
    }
    return ok;
}
