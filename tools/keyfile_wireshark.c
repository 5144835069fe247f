/* SPDX-License-Identifier: Apache-2.0 */
/* Wireshark's list of SMB2 session keys, as its file smb2_seskey_list and as what `-o uat:smb2_seskey_list:` is given:

       SESSION_ID,SESSION_KEY,SERVER_TO_CLIENT,CLIENT_TO_SERVER

   in hex, the id in the order of the wire. A field may be empty or "", the last two may be missing (Wireshark before 3.4 has not
   got them). '#' starts a comment line. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "keyfile_lines.h"
#include "memory.h"
#include "octets.h"

#define FIELDS 4u
#define ID_LEN 8u

static const char option[] = "uat:smb2_seskey_list:";

typedef struct field {
    const char *digits;
    size_t count, column;
} field;

static bool is_padding(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\'';
}

/* Splits a line at its commas; blanks and quotes around a field are not part of it. Returns how many fields; more than FIELDS: too many. */
static size_t split(field fields[FIELDS], const char *line, size_t len, size_t from)
{
    size_t count = 0;
    for (size_t start = from; start <= len && count <= FIELDS; count++) {
        const char *comma = memchr(line + start, ',', len - start);
        size_t end = comma ? (size_t)(comma - line) : len, next = end + 1;
        while (start < end && is_padding(line[start]))
            start++;
        while (end > start && is_padding(line[end - 1]))
            end--;
        if (count < FIELDS)
            fields[count] = (field){line + start, end - start, start + 1};
        start = next;
    }
    return count;
}

/* Where a line's fields begin: behind the option's name, if it is there. */
static size_t behind_option(const char *line, size_t len)
{
    for (size_t i = 0; i + sizeof option - 1 <= len; i++)
        if (memcmp(line + i, option, sizeof option - 1) == 0)
            return i + sizeof option - 1;
    return 0;
}

static const char *read_cipher_key(csign_key *out, const field *f, size_t *column)
{
    *column = f->column;
    if (f->count == 0)
        return NULL;
    if (f->count != 32 && f->count != 64)
        return "a cipher key must have 32 or 64 hex digits, or be empty; a line is "
               "SESSION_ID,SESSION_KEY,SERVER_TO_CLIENT,CLIENT_TO_SERVER";
    size_t bad = hex_bytes(out->bytes, f->digits, f->count);
    if (bad != 0) {
        *column += bad - 1;
        return "the cipher key contains something that is not a hex digit";
    }
    out->len = f->count / 2;
    return NULL;
}

/* Returns what is wrong with a line and where (1-based), or NULL. */
static const char *read_fields(keyfile_line *out, const field fields[FIELDS], size_t count, size_t *column)
{
    uint8_t id[ID_LEN];
    const char *wrong;
    size_t bad;

    *column = fields[0].column;
    if (count < 2 || count > FIELDS)
        return "there must be two to four fields: SESSION_ID,SESSION_KEY,SERVER_TO_CLIENT,CLIENT_TO_SERVER";
    if (fields[0].count != 2 * ID_LEN)
        return "the session id must have exactly 16 hex digits (8 bytes in the order of the wire, as Wireshark shows "
               "it)";
    if ((bad = hex_bytes(id, fields[0].digits, 2 * ID_LEN)) != 0) {
        *column += bad - 1;
        return "the session id contains something that is not a hex digit";
    }
    out->session_id = load_le64(id);
    *column = fields[1].column;
    if (fields[1].count % 2 != 0)
        return "the session key has an odd number of hex digits";
    out->key_len = fields[1].count / 2;
    out->key = need(out->key_len);
    if ((bad = hex_bytes(out->key, fields[1].digits, fields[1].count)) != 0) {
        *column += bad - 1;
        return "the session key contains something that is not a hex digit";
    }
    if (count > 2 && (wrong = read_cipher_key(&out->server_to_client, &fields[2], column)) != NULL)
        return wrong;
    if (count > 3 && (wrong = read_cipher_key(&out->client_to_server, &fields[3], column)) != NULL)
        return wrong;
    *column = fields[1].column;
    return out->key_len + out->server_to_client.len + out->client_to_server.len ? NULL : "the line has no key";
}

bool keyfile_parse_wireshark(keyfile *out, csign_bytes text, char *error, size_t error_len)
{
    keyfile_lines lines = {0};
    size_t at = 0, number = 0;
    csign_bytes line;

    *out = (keyfile){0};
    while (keyfile_next_text_line(text, &at, &number, &line)) {
        const char *start = (const char *)line.data;
        keyfile_line parsed = {0};
        field fields[FIELDS] = {0};
        size_t column, count = split(fields, start, line.len, behind_option(start, line.len));

        if ((count == 1 && fields[0].count == 0) || (fields[0].count != 0 && fields[0].digits[0] == '#'))
            continue;
        const char *wrong = read_fields(&parsed, fields, count, &column);
        if (wrong == NULL) {
            keyfile_lines_add(&lines, &parsed, number);
            explicit_bzero(&parsed, sizeof parsed);
            continue;
        }
        snprintf(error, error_len, "line %zu, column %zu: %s", number, column, wrong);
        keyfile_lines_add(&lines, &parsed, number); /* to be wiped with the others */
        keyfile_lines_drop(&lines);
        return false;
    }
    return keyfile_lines_finish(&lines, out, error, error_len);
}
