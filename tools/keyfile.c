/* SPDX-License-Identifier: Apache-2.0 */
/* The key file: see keyfile.h. Errors name the line and the column and never repeat a key: they end up in logs. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "keyfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
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
        return "the session key contains something that is not a hex digit";
    }
    if (next_word(line, len, &at, &end)) {
        *column = at + 1;
        return "there is more behind the session key; a line is SESSION_ID SESSION_KEY";
    }
    return NULL;
}

/* qsort is not stable: the line number decides among lines of one session. */
typedef struct numbered_line {
    keyfile_line line;
    size_t number;
} numbered_line;

static int compare(const void *a, const void *b)
{
    const numbered_line *x = a, *y = b;
    if (x->line.session_id != y->line.session_id)
        return x->line.session_id < y->line.session_id ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void release(numbered_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].line.key != NULL)
            explicit_bzero(lines[i].line.key, lines[i].line.key_len);
        free(lines[i].line.key);
    }
    free(lines);
}

/* Editors of Windows begin UTF-8 with U+FEFF: how many bytes of it to pass over. */
static size_t byte_order_mark(csign_bytes text)
{
    return text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

bool keyfile_parse(keyfile *out, csign_bytes text, char *error, size_t error_len)
{
    numbered_line *lines = NULL;
    size_t count = 0, capacity = 0, number = 0;

    *out = (keyfile){0};
    for (size_t at = byte_order_mark(text); at < text.len; number++) {
        const char *line = (const char *)text.data + at;
        const char *newline = memchr(line, '\n', text.len - at);
        size_t len = newline ? (size_t)(newline - line) : text.len - at;
        size_t column = 1;
        bool used;

        lines = need_more(lines, &capacity, count, sizeof *lines);
        lines[count] = (numbered_line){.number = number + 1};
        const char *wrong = parse_line(&lines[count].line, &used, &column, line, len);
        count += used;
        if (wrong != NULL) {
            snprintf(error, error_len, "line %zu, column %zu: %s", number + 1, column, wrong);
            release(lines, count);
            return false;
        }
        at += len + 1;
    }
    if (count == 0) {
        free(lines);
        return true;
    }
    qsort(lines, count, sizeof *lines, compare);
    for (size_t i = KEYFILE_LINES_PER_SESSION; i < count; i++)
        if (lines[i].line.session_id == lines[i - KEYFILE_LINES_PER_SESSION].line.session_id) {
            snprintf(error, error_len,
                     "line %zu: more than %u lines for session %016" PRIx64 "; leave out those of other days",
                     lines[i].number, KEYFILE_LINES_PER_SESSION, lines[i].line.session_id);
            release(lines, count);
            return false;
        }
    out->lines = need(count * sizeof *out->lines);
    out->count = count;
    for (size_t i = 0; i < count; i++)
        out->lines[i] = lines[i].line;
    free(lines);
    return true;
}

void keyfile_free(keyfile *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        explicit_bzero(keys->lines[i].key, keys->lines[i].key_len);
        free(keys->lines[i].key);
    }
    free(keys->lines);
    *keys = (keyfile){0};
}

const keyfile_line *keyfile_find(const keyfile *keys, uint64_t session_id, size_t *count)
{
    size_t low = 0, high = keys->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys->lines[middle].session_id < session_id)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < keys->count && keys->lines[low + *count].session_id == session_id)
        ++*count;
    return *count ? keys->lines + low : NULL;
}
