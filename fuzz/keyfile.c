/* SPDX-License-Identifier: Apache-2.0 */
/* The key file of `countersign pcap`, any text: it is taken if and only if a naive reading of the format (tools/keyfile.h) takes it, the
   lines and keys are those of that reading, sorted by session and otherwise in the file's order, and found by session; an
   error is one line that names the right line and column, repeats no word of the text and leaves nothing behind. The same text as
   Wireshark's list and as a log of Samba's: lines sorted and of sensible lengths, or an error that is one line without keys.
   Input: the text. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "tools/keyfile.h"
#include "tools/keyfile_lines.h"

/* What the naive reading made of the text. */
typedef struct reading {
    keyfile_line *lines; /* in the file's order; keys as offsets into the text until they are compared */
    const uint8_t **digits;
    size_t count;
    size_t bad_line, bad_column; /* 0: none */
} reading;

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static int digit(uint8_t c)
{
    const char *all = "0123456789abcdef0123456789ABCDEF", *at = c ? strchr(all, c) : NULL;
    return at ? (int)((at - all) % 16) : -1;
}

/* The words of a line before its comment, at most three: starts and lengths. */
static size_t words(csign_bytes line, size_t at[3], size_t len[3])
{
    size_t count = 0;
    for (size_t i = 0; i < line.len && line.data[i] != '#' && count < 3; i++) {
        if (blank(line.data[i]))
            continue;
        at[count] = i;
        while (i + 1 < line.len && !blank(line.data[i + 1]) && line.data[i + 1] != '#')
            i++;
        len[count] = i + 1 - at[count];
        count++;
    }
    return count;
}

/* The column, from 1, of the first character that is no hex digit; 0: all are. */
static size_t not_hex(csign_bytes line, size_t at, size_t len)
{
    for (size_t i = at; i < at + len; i++)
        if (digit(line.data[i]) < 0)
            return i + 1;
    return 0;
}

/* Where in a line its first fault is, from 1; 0: none. Adds the line to the reading if it says something. */
static size_t read_line(reading *out, csign_bytes line)
{
    size_t at[3], len[3], count = words(line, at, len), column;
    if (!count)
        return 0;
    if (len[0] != 16)
        return at[0] + 1;
    if ((column = not_hex(line, at[0], 16)) != 0)
        return column;
    if (count == 1)
        return line.len + 1;
    if (len[1] % 2)
        return at[1] + 1;
    if ((column = not_hex(line, at[1], len[1])) != 0)
        return column;
    if (count == 3)
        return at[2] + 1;
    uint64_t id = 0;
    for (size_t i = 0; i < 16; i++)
        id = id << 4 | (uint64_t)digit(line.data[at[0] + i]);
    out->lines[out->count] = (keyfile_line){.session_id = id, .key_len = len[1] / 2};
    out->digits[out->count++] = line.data + at[1];
    return 0;
}

static void read_naively(reading *out, csign_bytes text)
{
    size_t newlines = 0, number = 0;
    for (size_t i = 0; i < text.len; i++)
        newlines += text.data[i] == '\n';
    *out = (reading){.lines = calloc(newlines + 1, sizeof *out->lines),
                     .digits = calloc(newlines + 1, sizeof *out->digits)};
    if (!out->lines || !out->digits)
        abort();
    bool mark = text.len >= 3 && fuzz_le(text.data, 3) == 0xBFBBEF;
    for (size_t at = mark ? 3 : 0; at < text.len && !out->bad_line;) {
        size_t end = at;
        while (end < text.len && text.data[end] != '\n')
            end++;
        number++;
        out->bad_column = read_line(out, (csign_bytes){text.data + at, end - at});
        out->bad_line = out->bad_column ? number : 0;
        at = end + 1;
    }
}

static size_t lines_of(const reading *r, uint64_t session_id)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++)
        count += r->lines[i].session_id == session_id;
    return count;
}

/* Whether some session has more lines than are allowed. */
static bool crowded(const reading *r)
{
    for (size_t i = 0; i + KEYFILE_LINES_PER_SESSION < r->count; i++)
        if (lines_of(r, r->lines[i].session_id) > KEYFILE_LINES_PER_SESSION)
            return true;
    return false;
}

/* Whether and where: one property, for a reader that overlooks a fault names the next one. */
static const char as_read[] =
    "a key file is taken, or refused with its first faulty line and column, as a naive reading does";

static void check_words(const char *error, csign_bytes text)
{
    CHECK(!strchr(error, '\n'), "an error is one line");
    for (size_t at = 0; at + 32 <= text.len; at++) { /* a key of 16 bytes; an id may be named */
        size_t same = 0;
        while (same < 32 && digit(text.data[at + same]) >= 0)
            same++;
        if (same == 32) {
            char word[33] = {0};
            memcpy(word, text.data + at, 32);
            CHECK(!strstr(error, word), "an error repeats no key");
        }
        at += same;
    }
}

static void check_error(const reading *r, const char *error, csign_bytes text)
{
    char expected[64];
    if (r->bad_line) {
        snprintf(expected, sizeof expected, "line %zu, column %zu: ", r->bad_line, r->bad_column);
        CHECK(!strncmp(error, expected, strlen(expected)), as_read);
    } else {
        CHECK(!strncmp(error, "line ", 5) && strtoul(error + 5, NULL, 10) > KEYFILE_LINES_PER_SESSION,
              "too many lines of one session are an error that names a line");
    }
    check_words(error, text);
}

/* Line i of the library is the next one in the file's order of its session. */
static void check_lines(const reading *r, const keyfile *keys)
{
    bool *seen = calloc(r->count + 1, sizeof *seen);
    if (!seen)
        abort();
    CHECK(keys->count == r->count, "every line is there, and no other");
    for (size_t i = 0; i < keys->count; i++) {
        const keyfile_line *line = &keys->lines[i];
        size_t k = 0;
        CHECK(i == 0 || line[-1].session_id <= line->session_id, "lines are sorted by session");
        while (k < r->count && (seen[k] || r->lines[k].session_id != line->session_id))
            k++;
        CHECK(k < r->count && line->key_len == r->lines[k].key_len, "a session's lines are in the file's order");
        seen[k] = true;
        for (size_t b = 0; b < line->key_len; b++)
            CHECK(line->key[b] == digit(r->digits[k][2 * b]) * 16 + digit(r->digits[k][2 * b + 1]),
                  "a key is that of its line");
        fuzz_outcome_number(line->session_id);
        fuzz_outcome(line->key, line->key_len);
    }
    free(seen);
}

static void check_find(const reading *r, const keyfile *keys, uint64_t id)
{
    size_t count = 99;
    const keyfile_line *found = keyfile_find(keys, id, &count);
    CHECK(count == lines_of(r, id) && (found != NULL) == (count != 0), "a session is found if it is there");
    if (found)
        CHECK(found >= keys->lines && found + count <= keys->lines + keys->count && found->session_id == id &&
                  found[count - 1].session_id == id && (found == keys->lines || found[-1].session_id != id),
              "what is found are all lines of the session");
}

/* A format whose readings are not modelled: what holds of any. */
static void check_format(bool (*parse)(keyfile *, csign_bytes, char *, size_t), csign_bytes text)
{
    char error[256] = "";
    keyfile keys;
    memset(&keys, 0xA5, sizeof keys);
    bool taken = parse(&keys, text, error, sizeof error);
    fuzz_outcome_number(taken);
    if (!taken) {
        CHECK(error[0] && !keys.lines && !keys.count, "an error says something and leaves nothing behind");
        check_words(error, text);
    }
    for (size_t i = 0; i < keys.count; i++) {
        const keyfile_line *line = &keys.lines[i];
        CHECK(i == 0 || line[-1].session_id <= line->session_id, "lines are sorted by session");
        CHECK(line->key_len + line->client_to_server.len + line->server_to_client.len > 0, "a line has a key");
        fuzz_outcome_number(line->session_id);
        fuzz_outcome(line->key, line->key_len);
    }
    keyfile_free(&keys);
}

static void one(const uint8_t *input, size_t size)
{
    enum { ERROR_LEN = 256 };
    csign_bytes text = {input, size};
    reading r;
    keyfile keys;
    char error[ERROR_LEN] = "", clipped[24];
    memset(&keys, 0xA5, sizeof keys);
    fuzz_too_short(!size);
    read_naively(&r, text);
    bool taken = keyfile_parse(&keys, text, error, sizeof error);
    fuzz_outcome_number(taken);
    fuzz_outcome(error, strlen(error));
    CHECK(taken == (!r.bad_line && !crowded(&r)), as_read);
    if (!taken) {
        check_error(&r, error, text);
        CHECK(!keys.lines && !keys.count, "an error leaves nothing behind");
        CHECK(!keyfile_parse(&keys, text, clipped, sizeof clipped) && strlen(clipped) < sizeof clipped &&
                  !strncmp(clipped, error, strlen(clipped)),
              "an error is cut to its buffer");
    } else {
        check_lines(&r, &keys);
        for (size_t i = 0; i < r.count && i < 40; i++)
            for (uint64_t near = 0; near < 3; near++)
                check_find(&r, &keys, r.lines[i].session_id + near - 1);
        check_find(&r, &keys, 0);
    }
    keyfile_free(&keys);
    CHECK(!keys.lines && !keys.count, "a freed key file is empty");
    free(r.lines);
    free(r.digits);
    check_format(keyfile_parse_wireshark, text);
    check_format(keyfile_parse_samba, text);
    check_format(keyfile_read, text);
}

const fuzz_target fuzz_this = {"keyfile", NULL, one};
