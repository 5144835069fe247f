/* SPDX-License-Identifier: Apache-2.0 */
/* CHECK: a test's assertion that NDEBUG does not remove. It counts and goes on; CHECK_RESULT is main's exit code, and a test that
   checked nothing fails. */
#ifndef COUNTERSIGN_TESTS_CHECK_H
#define COUNTERSIGN_TESTS_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static unsigned long check_count, check_failures;

static inline bool check_condition(bool good, const char *text, const char *file, int line)
{
    check_count++;
    if (!good) {
        check_failures++;
        fprintf(stderr, "%s:%d: %s\n", file, line, text);
    }
    return good;
}

/* The condition's value, so that a test can stop where going on makes no sense. */
#define CHECK(condition) check_condition(condition, #condition, __FILE__, __LINE__)
#define CHECK_BYTES(a, b, len) check_condition(memcmp(a, b, len) == 0, #a " is " #b, __FILE__, __LINE__)
#define CHECK_ZERO(object) check_condition(all_zero(object, sizeof *(object)), #object " is zero", __FILE__, __LINE__)
#define CHECK_STATUS(call, expected) check_status((int)(call), (int)(expected), #call, __FILE__, __LINE__)

static inline bool all_zero(const void *object, size_t len)
{
    const uint8_t *bytes = (const uint8_t *)object;
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++) {
        any |= bytes[i];
    }
    return any == 0;
}

static inline void check_status(int got, int expected, const char *text, const char *file, int line)
{
    check_count++;
    if (got != expected) {
        check_failures++;
        fprintf(stderr, "%s:%d: %s is %d, not %d\n", file, line, text, got, expected);
    }
}

static inline int check_result(void)
{
    fprintf(stderr, "%lu checks, %lu failures\n", check_count, check_failures);
    return check_failures == 0 && check_count != 0 ? 0 : 1;
}

#define CHECK_RESULT() check_result()

#endif
