/* SPDX-License-Identifier: Apache-2.0 */
/* The same tests from a table compiled in, for builds that have neither a JSON library nor files: other architectures under an
   emulator, and MSan. vectors/table.py makes the table; it is a sequence of NUL-terminated strings:
     "F" name number            a file and how many tests it has; they follow
     "C" type result tcId comment number   a test and how many fields it has; they follow
     kind name text             a field
     "E"                        the end */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "table.h"

static const char *position = vectors_table;

static const char *next_string(void)
{
    const char *end = vectors_table + vectors_table_len;
    size_t room = (size_t)(end - position);
    const char *stop = room == 0 ? NULL : memchr(position, '\0', room);
    if (stop == NULL) {
        fprintf(stderr, "the table of vectors is cut off\n");
        exit(1);
    }
    const char *text = position;
    position = stop + 1;
    return text;
}

static size_t next_number(void)
{
    return (size_t)strtoul(next_string(), NULL, 10);
}

static void run_test(const char *file, vector_counts *counts)
{
    vector_case c;
    memset(&c, 0, sizeof c);
    c.file = file;
    c.type = next_string();
    c.result = next_string();
    c.tc_id = (uint32_t)next_number();
    c.comment = next_string();
    c.field_count = next_number();
    c.fields = calloc(c.field_count + 1, sizeof *c.fields);
    if (c.fields == NULL)
        abort();
    for (size_t i = 0; i < c.field_count; i++) {
        c.fields[i].kind = (vector_kind)(unsigned char)*next_string();
        c.fields[i].name = next_string();
        c.fields[i].text = next_string();
    }
    core_run(&c, counts);
    free(c.fields);
}

int main(void)
{
    vector_counts total = {0, 0, 0};
    bool short_file = false;
    const char *tag;
    while (strcmp(tag = next_string(), "F") == 0) {
        const char *file = next_string();
        size_t number = next_number();
        vector_counts counts = {0, 0, 0};
        for (size_t i = 0; i < number; i++) {
            if (strcmp(next_string(), "C") != 0) {
                fprintf(stderr, "%s: the table has fewer tests than it says\n", file);
                return 1;
            }
            run_test(file, &counts);
        }
        core_report(file, counts);
        total.valid += counts.valid;
        total.invalid += counts.invalid;
        total.failed += counts.failed;
        short_file = short_file || number == 0;
    }
    if (strcmp(tag, "E") != 0)
        fprintf(stderr, "the table of vectors has an unknown record '%s'\n", tag);
    core_report("total", total);
    return strcmp(tag, "E") != 0 || short_file || total.failed != 0 || total.valid == 0;
}
