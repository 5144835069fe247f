/* SPDX-License-Identifier: Apache-2.0 */
/* See oracles.h. */
#include "oracles.h"

#include <stdio.h>

static void disagreed(const char *who)
{
    char property[128];
    snprintf(property, sizeof property, "%s is what every oracle computes", who);
    CHECK(false, property);
}

void oracles_start(void)
{
    diff_init();
    diff_then(disagreed);
}
