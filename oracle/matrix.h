/* SPDX-License-Identifier: Apache-2.0 */
/* MATRIX.json in memory: which oracles there are, what each has to offer for each operation, and whose code that is. */
#ifndef ORACLE_MATRIX_H
#define ORACLE_MATRIX_H

#include "diff.h"

#define MATRIX_NAME_MAX 24

enum matrix_how { MATRIX_UNSAID, MATRIX_NATIVE, MATRIX_COMPOSED, MATRIX_UNAVAILABLE };

struct matrix {
    size_t oracle_count;
    char oracle[DIFF_ORACLES_MAX][MATRIX_NAME_MAX];
    enum matrix_how how[ORACLE_OPERATIONS][DIFF_ORACLES_MAX];
    size_t family_count;
    char family[DIFF_ORACLES_MAX][MATRIX_NAME_MAX];
    size_t oracle_family[DIFF_ORACLES_MAX];
    size_t cell_family[ORACLE_OPERATIONS][DIFF_ORACLES_MAX]; /* the oracle's, unless the cell says another */
};

/* MATRIX.json as text; the build embeds it, so that a program and its matrix never part. */
extern const char matrix_json[];

/* The operations' names in MATRIX.json. */
extern const char *const matrix_operation[ORACLE_OPERATIONS];

const char *matrix_how_name(enum matrix_how how);

/* matrix_read fills *out from text; false with a message in error if a cell is missing or anything is not understood. */
bool matrix_read(struct matrix *out, const char *text, char error[160]);

#endif
