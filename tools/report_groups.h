/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong or could not be judged, alike messages together: by verdict and reason, then by connection and session. Bounded:
   what finds no place any more is counted. */
#ifndef COUNTERSIGN_TOOLS_REPORT_GROUPS_H
#define COUNTERSIGN_TOOLS_REPORT_GROUPS_H

#include "report_style.h"

#define GROUP_REASONS 32u  /* verdicts with their reasons */
#define GROUP_SESSIONS 16u /* sessions listed for each */
#define GROUP_REMARKS 64u
#define GROUP_REMARKS_ALIKE 8u /* of one connection, that differ in numbers alone; more are one line */

/* Messages of one session, or all the others of a reason. */
typedef struct group_span {
    size_t connection;
    uint64_t session_id;
    size_t count, first, last; /* frames */
    char where[48];            /* the first message: "server's READ" */
} group_span;

typedef struct group_reason {
    verdict verdict;
    const char *why;
    group_span sessions[GROUP_SESSIONS];
    size_t session_count;
    group_span more;
} group_reason;

typedef struct group_remark {
    bool whole;  /* about the whole capture */
    bool varies; /* text is the first of several that differ in numbers */
    size_t connection, count, first, last;
    char text[256];
} group_remark;

typedef struct report_groups {
    group_reason reasons[GROUP_REASONS];
    size_t reason_count, other_reasons; /* messages whose reason found no place */
    group_remark remarks[GROUP_REMARKS];
    size_t remark_count, other_remarks;
} report_groups;

/* report_groups_add takes in a message that is not good. False: there has been one like it in its session, or in the last one of
   those that found no place. */
bool report_groups_add(report_groups *groups, const judged_message *m);

void report_groups_remark(report_groups *groups, const report_connection *connection, size_t frame, const char *text);

void report_groups_print(const report_groups *groups, const style *s);

#endif
