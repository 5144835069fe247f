/* SPDX-License-Identifier: Apache-2.0 */
/* Which format a key file has: see keyfile.h. */
#include <string.h>

#include "keyfile_lines.h"

/* A log begins with a line such as "[2026/11/27 21:24:31.625198,  0] ..."; a client's may begin with the keys themselves. */
static bool is_samba_line(csign_bytes line)
{
    static const char *const starts[] = {"Session Id    [0000] ", "debug encryption: dumping"};
    if (line.len > 11 && line.data[0] == '[' && line.data[5] == '/' && line.data[8] == '/' && line.data[11] == ' ')
        return true;
    while (line.len != 0 && *line.data == ' ')
        line = (csign_bytes){line.data + 1, line.len - 1};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (line.len >= strlen(starts[i]) && memcmp(line.data, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* The first line that is no comment decides between Wireshark's list, which has commas, and our own format. */
bool keyfile_read(keyfile *out, csign_bytes text, char *error, size_t error_len)
{
    bool decided = false, wireshark = false;
    size_t at = 0, number = 0;
    csign_bytes line;

    while (keyfile_next_text_line(text, &at, &number, &line)) {
        if (is_samba_line(line))
            return keyfile_parse_samba(out, text, error, error_len);
        size_t i = 0;
        while (i < line.len && strchr(" \t\r", line.data[i]) != NULL && line.data[i] != 0)
            i++;
        if (decided || i == line.len || line.data[i] == '#')
            continue;
        const uint8_t *comment = memchr(line.data, '#', line.len), *comma = memchr(line.data, ',', line.len);
        decided = true;
        wireshark = comma != NULL && (comment == NULL || comma < comment);
    }
    return wireshark ? keyfile_parse_wireshark(out, text, error, error_len)
                     : keyfile_parse(out, text, error, error_len);
}
