/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16LE as Windows protocols have it, from and to UTF-8. The tables are the C library's, of the locale C.UTF-8. */
#ifndef COUNTERSIGN_TOOLS_UTF16_H
#define COUNTERSIGN_TOOLS_UTF16_H

#include <stdbool.h>

#include "countersign/bytes.h"

/* utf16_from_utf8 writes at most 2 * strlen(text) bytes and their number. False: text is not UTF-8. */
bool utf16_from_utf8(uint8_t *out, size_t *len, const char *text);

/* utf16_upper turns letters into capitals, one character into one, in place. */
void utf16_upper(uint8_t *text, size_t len);

/* utf16_printable writes text for a message, '?' for what is not printable ASCII, cut to out_len; returns out. */
char *utf16_printable(char *out, size_t out_len, csign_bytes text);

#endif
