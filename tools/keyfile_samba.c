/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that Samba logs with `debug encryption = yes`, of smbd and of its clients alike:

       Session Id    [0000] 87 8D AF 4D 00 00 00 00                             ...M....
       Session Key   [0000] 11 22 33 44 55 66 77 88   99 AA BB CC DD EE FF 00   ."3DUfw. ........
                     [0010] ...

   The id is in the order of the wire. The keys that Samba derived stand beside; they are not read, because the session key gives
   them. Whatever else a log has is passed over. Errors never quote a line. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "keyfile_lines.h"
#include "memory.h"
#include "octets.h"

#define DUMPED_PER_LINE 16u
#define KEY_LIMIT 64u
#define ID_LEN 8u

/* A label, and the dump behind it: *dump starts at "[0000]". */
static bool labelled(csign_bytes line, const char *label, size_t *dump)
{
    size_t len = strlen(label), at = 0;
    while (at < line.len && line.data[at] == ' ')
        at++;
    if (line.len - at < len || memcmp(line.data + at, label, len) != 0)
        return false;
    at += len;
    while (at < line.len && line.data[at] == ' ')
        at++;
    *dump = at;
    return true;
}

/* Reads the bytes of one dumped line at *at: "[0010] 8 bytes, two more blanks, 8 bytes"; *at is then where it goes wrong. The text behind
   them may look like more bytes, so places count. Returns how many; 0: it is no such line. */
static size_t dumped(uint8_t out[DUMPED_PER_LINE], csign_bytes line, size_t *at, size_t offset)
{
    char start[16];
    int len = snprintf(start, sizeof start, "[%04zX] ", offset);
    size_t count = 0;

    if (line.len < *at + (size_t)len || memcmp(line.data + *at, start, (size_t)len) != 0)
        return 0;
    *at += (size_t)len;
    for (; count < DUMPED_PER_LINE; count++) {
        size_t place = *at + 3 * count + (count >= DUMPED_PER_LINE / 2 ? 2 : 0);
        if (place + 2 > line.len || hex_bytes(out + count, (const char *)line.data + place, 2) != 0)
            break;
    }
    return count;
}

typedef struct samba_reader {
    keyfile_lines lines;
    bool id_known;
    uint64_t id;
    uint8_t key[KEY_LIMIT];
    size_t key_len, key_line; /* key_line 0: no key is being read */
} samba_reader;

static void end_key(samba_reader *r)
{
    if (r->key_line != 0) {
        keyfile_line line = {.session_id = r->id, .key = need(r->key_len), .key_len = r->key_len};
        memcpy(line.key, r->key, r->key_len);
        keyfile_lines_add(&r->lines, &line, r->key_line);
    }
    r->key_line = 0;
}

/* Returns what is wrong with a line and where, or NULL. */
static const char *take_line(samba_reader *r, csign_bytes line, size_t number, size_t *column)
{
    uint8_t bytes[DUMPED_PER_LINE];
    size_t at = 0, count;

    if (r->key_line != 0 && r->key_len % DUMPED_PER_LINE == 0 && r->key_len < KEY_LIMIT) { /* the key may go on */
        while (at < line.len && line.data[at] == ' ')
            at++;
        count = dumped(bytes, line, &at, r->key_len);
        memcpy(r->key + r->key_len, bytes, count);
        r->key_len += count;
        explicit_bzero(bytes, sizeof bytes);
        if (count != 0)
            return NULL;
    }
    end_key(r);
    if (labelled(line, "Session Id", &at)) {
        *column = at + 1;
        r->id_known = dumped(bytes, line, &at, 0) == ID_LEN;
        r->id = r->id_known ? load_le64(bytes) : 0;
        return r->id_known ? NULL : "the session id is not 8 bytes in hex; leave the line as Samba wrote it";
    }
    if (!labelled(line, "Session Key", &at))
        return NULL;
    *column = at + 1;
    count = dumped(r->key, line, &at, 0);
    if (count == 0)
        return "the session key is no dump in hex; leave the line as Samba wrote it";
    if (!r->id_known)
        return "a session key without a session id before it; leave in the line 'Session Id' that Samba wrote above it";
    r->key_len = count;
    r->key_line = number;
    r->id_known = false;
    return NULL;
}

bool keyfile_parse_samba(keyfile *out, csign_bytes text, char *error, size_t error_len)
{
    samba_reader r = {0};
    size_t at = 0, number = 0, column = 1;
    const char *wrong = NULL;
    csign_bytes line;

    *out = (keyfile){0};
    while (wrong == NULL && keyfile_next_text_line(text, &at, &number, &line))
        wrong = take_line(&r, line, number, &column);
    end_key(&r);
    explicit_bzero(r.key, sizeof r.key);
    if (wrong != NULL) {
        snprintf(error, error_len, "line %zu, column %zu: %s", number, column, wrong);
        keyfile_lines_drop(&r.lines);
        return false;
    }
    if (r.lines.count == 0) {
        snprintf(error, error_len,
                 "a log of Samba's without session keys: smb.conf (or the client's --option) needs "
                 "'debug encryption = yes', and 'log level' at least 1");
        return false;
    }
    keyfile_lines_unite(&r.lines);
    return keyfile_lines_finish(&r.lines, out, error, error_len);
}
