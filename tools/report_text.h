/* SPDX-License-Identifier: Apache-2.0 */
/* The report for people: the summary; then what is wrong and what could not be judged; then connections and sessions. Before that, if
   asked for, lines for single messages as they come. */
#ifndef COUNTERSIGN_TOOLS_REPORT_TEXT_H
#define COUNTERSIGN_TOOLS_REPORT_TEXT_H

#include "report.h"

report *report_text(const report_form *form, FILE *out);

#endif
