/* SPDX-License-Identifier: Apache-2.0 */
/* Values on the command line: see command_values.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "command_values.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "hex.h"
#include "memory.h"
#include "names.h"

#define STANDARD_INPUT_LIMIT 4096u

bool command_number(size_t *out, const char *subcommand, const char *option, const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != 0 || number == 0 || number > 1000000000ul) {
        command_misused(subcommand, "--%s '%s' is no number from 1 to 1000000000", option, text);
        return false;
    }
    *out = number;
    return true;
}

bool command_color(bool *out, const char *subcommand, const char *when)
{
    bool automatic = strcmp(when, "auto") == 0, always = strcmp(when, "always") == 0;
    if (!automatic && !always && strcmp(when, "never") != 0) {
        command_misused(subcommand, "--color '%s' is not auto, always or never", when);
        return false;
    }
    const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool plain = (refused != NULL && *refused != 0) || (terminal != NULL && strcmp(terminal, "dumb") == 0);
    *out = automatic ? isatty(STDOUT_FILENO) && !plain : always;
    return true;
}

long command_named(const char *text, const char *(*names)(uint32_t), uint32_t limit)
{
    char *end;
    long value = name_find(names, text, limit);
    if (value >= 0)
        return value;
    value = strtol(text, &end, 16);
    return strncmp(text, "0x", 2) == 0 && *end == 0 && value >= 0 && value <= (long)limit && names((uint32_t)value)
               ? value
               : -1;
}

bool command_dialect(csign_dialect *out, const char *subcommand, const char *value)
{
    long number = command_named(value, name_dialect, 0x0311);
    if (number < 0 || number == 0x02FF) {
        command_misused(subcommand, "--dialect '%s' is not known; one of 2.0.2, 2.1, 3.0, 3.0.2, 3.1.1", value);
        return false;
    }
    *out = (csign_dialect)number;
    return true;
}

bool command_signing(csign_signing_algorithm *out, const char *subcommand, const char *value)
{
    long number = command_named(value, name_signing_algorithm, CSIGN_AES_GMAC);
    if (number < 0) {
        command_misused(subcommand, "--signing '%s' is not known; one of HMAC-SHA256, AES-CMAC, AES-GMAC", value);
        return false;
    }
    *out = (csign_signing_algorithm)number;
    return true;
}

/* Turns an option's hex digits into bytes (release with free). False after saying what is wrong, without repeating a key. */
static bool take_hex(const char *subcommand, const char *option, const char *digits, size_t count, uint8_t **out,
                     size_t *len)
{
    size_t bad;
    *out = need(count / 2 + 1);
    bad = hex_bytes(*out, digits, count);
    *len = count / 2;
    if (bad == 0 && count != 0)
        return true;
    if (count == 0)
        command_misused(subcommand, "--%s is empty", option);
    else if (hex_digit(digits[bad - 1]) >= 0)
        command_misused(subcommand, "--%s has an odd number of hex digits (%zu)", option, count);
    else
        command_misused(subcommand, "--%s: character %zu is not a hex digit", option, bad);
    return false;
}

bool command_hex(const char *subcommand, const char *option, const char *value, uint8_t **out, size_t *len)
{
    return take_hex(subcommand, option, value, strlen(value), out, len);
}

bool command_session_key(const char *subcommand, const char *value, uint8_t **out, size_t *out_len)
{
    uint8_t *text;
    size_t len;
    char error[256];

    if (strcmp(value, "-") != 0)
        return take_hex(subcommand, "session-key", value, strlen(value), out, out_len);
    setvbuf(stdin, NULL, _IONBF, 0);
    if (!read_all(stdin, &text, &len, STANDARD_INPUT_LIMIT, error, sizeof error)) {
        command_misused(subcommand, "--session-key: standard input: %s", error);
        return false;
    }
    size_t count = len;
    while (count != 0 && isspace(text[count - 1]))
        count--;
    bool good = take_hex(subcommand, "session-key", (const char *)text, count, out, out_len);
    explicit_bzero(text, len);
    free(text);
    return good;
}

bool command_from_hex(uint8_t *text, size_t *len, char *error, size_t error_len)
{
    size_t digits = 0, line = 1, column = 0;
    for (size_t i = 0; i < *len; i++) {
        column++;
        if (text[i] == '\n') {
            line++;
            column = 0;
        }
        if (isspace(text[i]) || text[i] == ':')
            continue;
        int value = hex_digit((char)text[i]);
        if (value < 0) {
            snprintf(error, error_len, "line %zu, column %zu is not a hex digit", line, column);
            return false;
        }
        text[digits / 2] = (uint8_t)(digits % 2 ? text[digits / 2] | value : value << 4);
        digits++;
    }
    *len = digits / 2;
    if (digits % 2 != 0)
        snprintf(error, error_len, "the number of hex digits is odd (%zu)", digits);
    return digits % 2 == 0;
}
