/* SPDX-License-Identifier: Apache-2.0 */
/* CHECK for the tools' tests: counts failures, survives NDEBUG; check_end turns them, and a test without any check, into an exit
   status. */
#ifndef COUNTERSIGN_TOOLS_TEST_CHECK_H
#define COUNTERSIGN_TOOLS_TEST_CHECK_H

#include <stdio.h>
#include <stdlib.h>

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

/* check_there ends the test when something that it cannot do without is not there; returns p. */
static inline void *check_there(void *p, const char *what)
{
    if (p == NULL) {
        printf("%s: not there\n", what);
        exit(1);
    }
    return p;
}

static int check_end(void)
{
    printf("%lu checks, %lu failures\n", checks, failures);
    return failures != 0 || checks == 0;
}

#endif
