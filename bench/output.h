/* SPDX-License-Identifier: Apache-2.0 */
/* The result as JSON (bench.schema.json). */
#ifndef BENCH_OUTPUT_H
#define BENCH_OUTPUT_H

#include "options.h"

bool output_json(const struct options *options, struct plan *plans, size_t count);

#endif
