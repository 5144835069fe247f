/* SPDX-License-Identifier: Apache-2.0 */
/* What every front end does with a test: run its operation, demand that every value was read, count. */
#ifndef COUNTERSIGN_VECTORS_CORE_H
#define COUNTERSIGN_VECTORS_CORE_H

#include "case.h"

typedef struct vector_counts {
    size_t valid, invalid, failed;
} vector_counts;

/* core_knows_type says whether a group of that type can be run. */
bool core_knows_type(const char *type);

/* core_run runs one test, says on stderr what failed, and counts it. It releases what the test allocated. */
void core_run(vector_case *c, vector_counts *counts);

/* core_report prints the counts of a file, or a total, on stdout: the same line whatever the front end. */
void core_report(const char *file, vector_counts counts);

#endif
