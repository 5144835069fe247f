/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of a disagreement: the question, every answer by family of code, one line for programs, and the question with each
   of its values as a vector file behind the command that runs it. No answer is called right or wrong. */
#ifndef ORACLE_REPORT_H
#define ORACLE_REPORT_H

#include "diff.h"

/* The question alone, and where it came from (NULL: the input of a fuzz target). Long fields are cut, with a word. */
void report_question(FILE *out, const struct diff_question *question, const char *origin);

/* All of it; value is the answer of `who`, the function under test. Asks every oracle again. */
void report_disagreement(FILE *out, const struct diff_question *question, const char *origin, const char *who,
                         const uint8_t *value);

#endif
