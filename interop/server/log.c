/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "connection.h"

static bool silent;

void log_silence(bool on)
{
    silent = on;
}

static void line(const struct connection *connection, const struct session *session, const char *tail,
                 const char *format, va_list args)
{
    if (silent)
        return;
    char text[1024];
    vsnprintf(text, sizeof text, format, args);
    char where[80] = "";
    int n = 0;
    if (connection)
        n = snprintf(where, sizeof where, "connection %" PRIu64, connection->number);
    if (session)
        snprintf(where + n, sizeof where - (size_t)n, "%ssession %016" PRIx64, n ? ", " : "", session->id);
    fprintf(stderr, "%s%s%s%s\n", where, *where ? ": " : "", text, tail);
}

void log_line(const struct connection *connection, const struct session *session, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line(connection, session, "", format, args);
    va_end(args);
}

void log_refusal(const struct connection *connection, const struct session *session, const char *rule, uint32_t status,
                 const char *format, ...)
{
    char tail[160];
    snprintf(tail, sizeof tail, " [%s, answered with 0x%08" PRIX32 "]", rule, status);
    va_list args;
    va_start(args, format);
    line(connection, session, tail, format, args);
    va_end(args);
}
