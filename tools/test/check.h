/* SPDX-License-Identifier: Apache-2.0 */
/* CHECK for the tools' tests: counts failures, survives NDEBUG; check_end turns them, and a test without any check, into an exit
   status. */
#ifndef COUNTERSIGN_TOOLS_TEST_CHECK_H
#define COUNTERSIGN_TOOLS_TEST_CHECK_H

#include <stdio.h>

static unsigned long checks, failures;

#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        checks++;                                                                                                      \
        if (!(condition) && failures++ < 20) {                                                                         \
            printf("%s:%d: %s: ", __FILE__, __LINE__, #condition);                                                     \
            printf(__VA_ARGS__);                                                                                       \
            putchar('\n');                                                                                             \
        }                                                                                                              \
    } while (0)

static int check_end(void)
{
    printf("%lu checks, %lu failures\n", checks, failures);
    return failures != 0 || checks == 0;
}

#endif
