/* SPDX-License-Identifier: Apache-2.0 */
/* How the text report looks: colours, numbers that can be read, words in the plural. */
#ifndef COUNTERSIGN_TOOLS_REPORT_STYLE_H
#define COUNTERSIGN_TOOLS_REPORT_STYLE_H

#include "report.h"

typedef struct style {
    FILE *out;
    bool colour;
} style;

/* style_heading prints a line that others follow, behind an empty one. */
void style_heading(const style *s, const char *text);

/* style_verdict prints a verdict, padded to width. */
void style_verdict(const style *s, verdict v, int width);

/* style_counts prints "12 verified, 3 bad": the verdicts that occur. */
void style_counts(const style *s, const size_t verdicts[VERDICT_COUNT]);

/* style_number is a number with its thousands apart: "1,234,567"; returns out. */
char *style_number(char out[32], size_t number);

/* style_some is a number and what it counts: "1 message", "2 messages"; returns out. */
char *style_some(char out[64], size_t number, const char *what);

#endif
