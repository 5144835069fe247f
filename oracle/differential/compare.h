/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with each answer where there are oracles, and the self-test of that. */
#ifndef ORACLE_DIFFERENTIAL_COMPARE_H
#define ORACLE_DIFFERENTIAL_COMPARE_H

#include "run.h"

/* The answer_fn: aborts with a report if an oracle's answer is another. */
void compare_answer(struct run *run, const struct diff_question *question, const char *who, uint8_t *value);

/* The same with a wrong bit in lib/'s answer. */
void compare_flipped(struct run *run, const struct diff_question *question, const char *who, uint8_t *value);

/* Plants a wrong bit in every cell of the matrix that the operation uses, one at a time, then in lib/'s answer, and says
   whether each was seen, where it was planted and nowhere else. */
bool compare_self_test(const struct operation *operation, uint64_t seed);

#endif
