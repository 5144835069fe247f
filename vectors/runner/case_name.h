/* SPDX-License-Identifier: Apache-2.0 */
/* Names of values as formats, for case.c and expect.c. */
#ifndef COUNTERSIGN_VECTORS_CASE_NAME_H
#define COUNTERSIGN_VECTORS_CASE_NAME_H

#include <stdarg.h>
#include <stdio.h>

#include "case.h"

typedef struct name_buffer {
    char text[128];
} name_buffer;

static inline name_buffer make_name(const char *format, va_list args)
{
    name_buffer name;
    int n = vsnprintf(name.text, sizeof name.text, format, args);
    if (n < 0 || (size_t)n >= sizeof name.text)
        name.text[0] = '\0'; /* no field has this name */
    return name;
}

#define MAKE_NAME(name)                                                                                                \
    va_list args;                                                                                                      \
    va_start(args, format);                                                                                            \
    name_buffer name = make_name(format, args);                                                                        \
    va_end(args)

#endif
