/* SPDX-License-Identifier: Apache-2.0 */
/* oracle/diff.h for machines that have no oracles: a question is counted and compared with nobody. The values themselves are the
   target's outcome, which must be that of the machine where the oracles were asked. */
#include "oracle/diff.h"

#include <inttypes.h>
#include <stdlib.h>

static uint64_t questions;

static void say(void)
{
    printf("not compared: %" PRIu64 " questions, no oracle here\n", questions);
}

void diff_init(void)
{
    static bool done;
    if (!done)
        atexit(say);
    done = true;
}

void diff_then(void (*disagreed)(const char *who))
{
    (void)disagreed;
}

void diff_compare(const struct diff_question *q, const char *origin, const char *who, const uint8_t *value)
{
    (void)q;
    (void)origin;
    (void)who;
    (void)value;
    questions++;
}
