/* SPDX-License-Identifier: Apache-2.0 */
/* The digests that every machine, compiler and byte order must reach: digests.txt, made of an oracle's answers alone. */
#ifndef ORACLE_DIFFERENTIAL_DIGESTS_H
#define ORACLE_DIFFERENTIAL_DIGESTS_H

#include "run.h"

#define DIGEST_SEED UINT64_C(0x434f554e54455253) /* "COUNTERS" */

/* Says whether the run's digest is the one that the file at path has for this operation, seed and number of cases. */
bool digest_demand(const char *path, const struct run *run);

/* Prints the run's line for that file. */
void digest_print(const struct run *run);

#endif
