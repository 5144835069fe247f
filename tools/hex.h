/* SPDX-License-Identifier: Apache-2.0 */
/* Hexadecimal digits to bytes and back. */
#ifndef COUNTERSIGN_TOOLS_HEX_H
#define COUNTERSIGN_TOOLS_HEX_H

#include <stddef.h>
#include <stdint.h>

/* hex_digit returns a digit's value, or -1. */
int hex_digit(char c);

/* hex_bytes turns count digits into (count + 1) / 2 bytes. Returns 0, or the 1-based position of what is wrong: a character that is no
   hex digit, or the last one when count is odd. */
size_t hex_bytes(uint8_t *out, const char *digits, size_t count);

/* hex_text writes len bytes as 2 * len lower-case digits and a NUL; returns out. */
char *hex_text(char *out, const uint8_t *bytes, size_t len);

#endif
