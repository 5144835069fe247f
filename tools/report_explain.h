/* SPDX-License-Identifier: Apache-2.0 */
/* The report of `countersign explain`: for each session's wrong signatures of one kind the sentence, the evidence of the first, and what
   to change. Bounded: kinds that find no place any more are counted. */
#ifndef COUNTERSIGN_TOOLS_REPORT_EXPLAIN_H
#define COUNTERSIGN_TOOLS_REPORT_EXPLAIN_H

#include "report.h"

#define EXPLAIN_KINDS 64u

report *report_explain(const report_form *form, FILE *out);

#endif
