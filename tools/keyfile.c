/* SPDX-License-Identifier: Apache-2.0 */
/* The key file's own format: see keyfile.h. Errors name the line and the column and never repeat a key: they end up in logs. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "keyfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "keyfile_lines.h"
#include "memory.h"

#define ID_DIGITS 16u

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of a line: [*at, *end). False at the end of the line or at a comment. */
static bool next_word(const char *line, size_t len, size_t *at, size_t *end)
{
    size_t i = *end;
    while (i < len && is_blank(line[i]))
        i++;
    *at = i;
    while (i < len && !is_blank(line[i]) && line[i] != '#')
        i++;
    *end = i;
    return i > *at;
}

/* Reads one line. Returns what is wrong with it and where (1-based), or NULL; *used is false for a blank line. */
static const char *parse_line(keyfile_line *out, bool *used, size_t *column, const char *line, size_t len)
{
    size_t at = 0, end = 0, bad;
    uint8_t id[ID_DIGITS / 2];

    *used = next_word(line, len, &at, &end);
    if (!*used)
        return NULL;
    *column = at + 1;
    if (end - at != ID_DIGITS)
        return "the session id must have exactly 16 hex digits (the 64-bit number, most significant digit first)";
    bad = hex_bytes(id, line + at, ID_DIGITS);
    if (bad != 0) {
        *column = at + bad;
        return "the session id contains something that is not a hex digit";
    }
    for (size_t i = 0; i < sizeof id; i++)
        out->session_id = out->session_id << 8 | id[i];

    if (!next_word(line, len, &at, &end)) {
        *column = len + 1;
        return "the session key is missing; a line is SESSION_ID SESSION_KEY";
    }
    *column = at + 1;
    if ((end - at) % 2 != 0)
        return "the session key has an odd number of hex digits";
    out->key_len = (end - at) / 2;
    out->key = need(out->key_len);
    bad = hex_bytes(out->key, line + at, end - at);
    if (bad != 0) {
        *column = at + bad;
        out->key_len = bad / 2; /* as much as there is to wipe */
        return "the session key contains something that is not a hex digit";
    }
    if (next_word(line, len, &at, &end)) {
        *column = at + 1;
        return "there is more behind the session key; a line is SESSION_ID SESSION_KEY";
    }
    return NULL;
}

bool keyfile_parse(keyfile *out, csign_bytes text, char *error, size_t error_len)
{
    keyfile_lines lines = {0};
    size_t at = 0, number = 0;
    csign_bytes line;

    *out = (keyfile){0};
    while (keyfile_next_text_line(text, &at, &number, &line)) {
        keyfile_line parsed = {0};
        size_t column = 1;
        bool used;
        const char *wrong = parse_line(&parsed, &used, &column, (const char *)line.data, line.len);

        if (wrong != NULL) {
            snprintf(error, error_len, "line %zu, column %zu: %s", number, column, wrong);
            if (parsed.key != NULL)
                explicit_bzero(parsed.key, parsed.key_len);
            free(parsed.key);
            keyfile_lines_drop(&lines);
            return false;
        }
        if (used)
            keyfile_lines_add(&lines, &parsed, number);
    }
    return keyfile_lines_finish(&lines, out, error, error_len);
}
