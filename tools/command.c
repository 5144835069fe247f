/* SPDX-License-Identifier: Apache-2.0 */
/* What the subcommands share: see command.h. */
#include "command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

int command_misused(const char *subcommand, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "countersign %s: ", subcommand);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\nTry 'countersign %s --help'.\n", subcommand);
    va_end(arguments);
    return COMMAND_UNUSABLE;
}

bool read_all(FILE *file, uint8_t **out, size_t *len, size_t limit, char *error, size_t error_len)
{
    size_t capacity = 0;
    *out = NULL;
    *len = 0;
    do {
        *out = need_more(*out, &capacity, *len, 1);
        *len += fread(*out + *len, 1, capacity - *len, file);
    } while (!feof(file) && !ferror(file) && *len <= limit);
    if (!ferror(file) && *len <= limit)
        return true;
    if (ferror(file))
        snprintf(error, error_len, "%s", strerror(errno));
    else
        snprintf(error, error_len, "more than %zu bytes", limit);
    free(*out);
    *out = NULL;
    return false;
}
