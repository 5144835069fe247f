/* SPDX-License-Identifier: Apache-2.0 */
/* The log: a line for each thing that a person who asks why wants to know, on stderr. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct connection;
struct session;

/* log_silence: --quiet. */
void log_silence(bool on);
/* log_line: "connection 3, session 1c00000000000a: text". connection and session may be NULL. */
void log_line(const struct connection *connection, const struct session *session, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* log_refusal names the rule (vectors/rules/rules.json, or a section of MS-SMB2) by which something was refused. */
void log_refusal(const struct connection *connection, const struct session *session, const char *rule, uint32_t status,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
