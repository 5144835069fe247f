/* SPDX-License-Identifier: Apache-2.0 */
/* Hexadecimal digits to bytes and back: see hex.h. */
#include "hex.h"

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

size_t hex_bytes(uint8_t *out, const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int value = hex_digit(digits[i]);
        if (value < 0)
            return i + 1;
        out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] | value : value << 4);
    }
    return count % 2 ? count : 0;
}

char *hex_text(char *out, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = 0;
    return out;
}
