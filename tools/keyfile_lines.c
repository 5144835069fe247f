/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting the lines of key files, and the file that they make: see keyfile_lines.h and keyfile.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "keyfile_lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

static void wipe_line(keyfile_line *line)
{
    if (line->key != NULL)
        explicit_bzero(line->key, line->key_len);
    free(line->key);
    explicit_bzero(line, sizeof *line);
}

void keyfile_lines_add(keyfile_lines *lines, const keyfile_line *line, size_t number)
{
    lines->lines = need_more(lines->lines, &lines->capacity, lines->count, sizeof *lines->lines);
    lines->lines[lines->count++] = (numbered_line){*line, number};
}

void keyfile_lines_drop(keyfile_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        wipe_line(&lines->lines[i].line);
    free(lines->lines);
    *lines = (keyfile_lines){0};
}

/* qsort is not stable: the line number decides among lines of one session. */
static int compare(const void *a, const void *b)
{
    const numbered_line *x = a, *y = b;
    if (x->line.session_id != y->line.session_id)
        return x->line.session_id < y->line.session_id ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool same_key(const keyfile_line *a, const keyfile_line *b)
{
    return a->session_id == b->session_id && a->key_len == b->key_len &&
           (a->key_len == 0 || memcmp(a->key, b->key, a->key_len) == 0);
}

/* Whether one of the lines that are kept, in order, makes a further one needless. Looks at no more than a session may have. */
static bool is_needless(const numbered_line *kept, size_t count, const keyfile_line *line)
{
    if (line->client_to_server.len + line->server_to_client.len != 0)
        return false;
    for (size_t i = 1; i <= count && i <= KEYFILE_LINES_PER_SESSION; i++) {
        const keyfile_line *before = &kept[count - i].line;
        if (before->session_id != line->session_id)
            return false;
        if (same_key(before, line))
            return true;
    }
    return false;
}

void keyfile_lines_unite(keyfile_lines *lines)
{
    size_t kept = 0;
    if (lines->count == 0)
        return;
    qsort(lines->lines, lines->count, sizeof *lines->lines, compare);
    for (size_t i = 0; i < lines->count; i++) {
        numbered_line *next = &lines->lines[i];
        if (is_needless(lines->lines, kept, &next->line))
            wipe_line(&next->line);
        else
            lines->lines[kept++] = *next;
    }
    explicit_bzero(lines->lines + kept, (lines->count - kept) * sizeof *lines->lines);
    lines->count = kept;
}

bool keyfile_lines_finish(keyfile_lines *lines, keyfile *out, char *error, size_t error_len)
{
    numbered_line *sorted = lines->lines;
    size_t count = lines->count;

    *out = (keyfile){0};
    if (count == 0) {
        keyfile_lines_drop(lines);
        return true;
    }
    qsort(sorted, count, sizeof *sorted, compare);
    for (size_t i = KEYFILE_LINES_PER_SESSION; i < count; i++)
        if (sorted[i].line.session_id == sorted[i - KEYFILE_LINES_PER_SESSION].line.session_id) {
            snprintf(error, error_len,
                     "line %zu: more than %u lines for session %016" PRIx64 "; leave out those of other days",
                     sorted[i].number, KEYFILE_LINES_PER_SESSION, sorted[i].line.session_id);
            keyfile_lines_drop(lines);
            return false;
        }
    out->lines = need(count * sizeof *out->lines);
    out->count = count;
    for (size_t i = 0; i < count; i++)
        out->lines[i] = sorted[i].line;
    explicit_bzero(sorted, count * sizeof *sorted);
    free(sorted);
    *lines = (keyfile_lines){0};
    return true;
}

/* Editors of Windows begin UTF-8 with U+FEFF: how many bytes of it to pass over. */
static size_t byte_order_mark(csign_bytes text)
{
    return text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

bool keyfile_next_text_line(csign_bytes text, size_t *at, size_t *number, csign_bytes *line)
{
    if (*number == 0)
        *at = byte_order_mark(text);
    if (*at >= text.len)
        return false;
    const uint8_t *start = text.data + *at, *newline = memchr(start, '\n', text.len - *at);
    *line = (csign_bytes){start, newline ? (size_t)(newline - start) : text.len - *at};
    *at += line->len + 1;
    ++*number;
    return true;
}

void keyfile_free(keyfile *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        wipe_line(&keys->lines[i]);
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

/* Whether a file's own key of a session contradicts the lines that a file before has for it. */
static bool contradicts(const keyfile *before, const keyfile_line *own)
{
    size_t count;
    const keyfile_line *lines = keyfile_find(before, own->session_id, &count);
    for (size_t i = 0; i < count; i++)
        if (same_key(&lines[i], own))
            return false;
    return count != 0 && own->key_len != 0;
}

bool keyfile_merge(keyfile *into, keyfile *from, uint64_t *contradiction, char *error, size_t error_len)
{
    keyfile_lines all = {0};

    *contradiction = 0;
    for (size_t i = 0; i < into->count; i++)
        keyfile_lines_add(&all, &into->lines[i], i + 1);
    for (size_t i = 0; i < from->count; i++) {
        const keyfile_line *line = &from->lines[i];
        bool own = i == 0 || line[-1].session_id != line->session_id;
        if (*contradiction == 0 && own && contradicts(into, line))
            *contradiction = line->session_id;
        keyfile_lines_add(&all, line, into->count + i + 1);
    }
    free(into->lines);
    free(from->lines);
    *from = (keyfile){0};
    keyfile_lines_unite(&all);
    return keyfile_lines_finish(&all, into, error, error_len);
}
