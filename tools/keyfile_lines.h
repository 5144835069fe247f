/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of the key formats share: collecting lines, and putting them in order. */
#ifndef COUNTERSIGN_TOOLS_KEYFILE_LINES_H
#define COUNTERSIGN_TOOLS_KEYFILE_LINES_H

#include "keyfile.h"

typedef struct numbered_line {
    keyfile_line line;
    size_t number; /* in the file, from 1 */
} numbered_line;

typedef struct keyfile_lines {
    numbered_line *lines;
    size_t count, capacity;
} keyfile_lines;

/* keyfile_lines_add takes a line, and with it its key. */
void keyfile_lines_add(keyfile_lines *lines, const keyfile_line *line, size_t number);

/* keyfile_lines_unite leaves out lines that repeat a session's key and say no more. */
void keyfile_lines_unite(keyfile_lines *lines);

/* keyfile_lines_finish moves the lines into *out, in its order. False: a session has too many; *out is then empty. */
bool keyfile_lines_finish(keyfile_lines *lines, keyfile *out, char *error, size_t error_len);

/* keyfile_lines_drop wipes and frees. */
void keyfile_lines_drop(keyfile_lines *lines);

/* keyfile_next_text_line takes the next line off a text; *number counts them from 1. False: there is none. A UTF-8 mark at the beginning is
   passed over. */
bool keyfile_next_text_line(csign_bytes text, size_t *at, size_t *number, csign_bytes *line);

/* The reader of our own format, of Wireshark's, of Samba's logs. Each as keyfile_parse. */
bool keyfile_parse_wireshark(keyfile *out, csign_bytes text, char *error, size_t error_len);
bool keyfile_parse_samba(keyfile *out, csign_bytes text, char *error, size_t error_len);

#endif
