/* SPDX-License-Identifier: Apache-2.0 */
/* The result as JSON (bench.schema.json). */
#ifndef BENCH_OUTPUT_H
#define BENCH_OUTPUT_H

#include <stdio.h>

#include "options.h"

/* Writes to file and closes it. */
bool output_json(FILE *file, const struct options *options, struct plan *plans, size_t count);

#endif
