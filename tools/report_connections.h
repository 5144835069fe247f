/* SPDX-License-Identifier: Apache-2.0 */
/* Connections and their sessions with the verdicts of their messages. Bounded: of the connections that are over, those with
   something wrong are kept first; the rest is counted. */
#ifndef COUNTERSIGN_TOOLS_REPORT_CONNECTIONS_H
#define COUNTERSIGN_TOOLS_REPORT_CONNECTIONS_H

#include "report_style.h"

#define CONNECTIONS_GOOD 20u /* connections listed */
#define CONNECTIONS_WRONG 40u
#define CONNECTIONS_SESSIONS_KEPT 8u /* for each connection */

typedef struct report_connections report_connections;

report_connections *report_connections_new(void);
void report_connections_add(report_connections *all, const judged_message *m);
void report_connections_closed(report_connections *all, report_connection *connection);
size_t report_connections_count(const report_connections *all);
void report_connections_print(report_connections *all, const style *s);
void report_connections_free(report_connections *all);

#endif
