/* SPDX-License-Identifier: Apache-2.0 */
/* What the subcommands share: see command.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "report.h"

int command_misused(const char *subcommand, const char *format, ...)
{
    char text[1024], clean[1024]; /* arguments may have what a terminal obeys */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "countersign %s: %s\nTry 'countersign %s --help'.\n", subcommand,
            printable(clean, sizeof clean, text), subcommand);
    return COMMAND_UNUSABLE;
}

int command_option(int argc, char **argv, const char *letters, const struct option *options, unsigned *given)
{
    int index = -1;
    opterr = 0;
    int option = getopt_long(argc, argv, letters, options, &index);
    const char *word = argv[optind - 1];
    int name_len = (int)strcspn(word, "="); /* what is behind it may be a key */

    if (option == -1)
        return -1;
    if (index < 0) /* a letter; or no option, which then ends with the empty one */
        for (index = 0; options[index].name != NULL && options[index].val != option;)
            index++;
    if (option == ':')
        command_misused(argv[0], "%.*s lacks its value", name_len, word);
    else if (option == '?' && optopt != 0 && word[name_len] == '=')
        command_misused(argv[0], "%.*s takes no value", name_len, word);
    else if (option == '?' && optopt != 0)
        command_misused(argv[0], "-%c is not an option", optopt);
    else if (option == '?')
        command_misused(argv[0], "%.*s is not an option, or short for several", name_len, word);
    else if (option < 256 && options[index].has_arg != no_argument && (*given & 1u << index) != 0)
        command_misused(argv[0], "--%s is given twice", options[index].name);
    else {
        *given |= 1u << index;
        return option;
    }
    return '?';
}

static void wipe_and_free(uint8_t *bytes, size_t len)
{
    if (len != 0)
        explicit_bzero(bytes, len);
    free(bytes);
}

bool read_all(FILE *file, uint8_t **out, size_t *len, size_t limit, char *error, size_t error_len)
{
    size_t capacity = 0;
    *out = NULL;
    *len = 0;
    do {
        if (*len == capacity) { /* not with realloc, which leaves a copy behind */
            uint8_t *larger = need(capacity = capacity ? 2 * capacity : 4096);
            if (*len != 0)
                memcpy(larger, *out, *len);
            wipe_and_free(*out, *len);
            *out = larger;
        }
        *len += fread(*out + *len, 1, capacity - *len, file);
    } while (!feof(file) && !ferror(file) && *len <= limit);
    if (!ferror(file) && *len <= limit)
        return true;
    if (ferror(file))
        snprintf(error, error_len, "%s", strerror(errno));
    else
        snprintf(error, error_len, "more than %zu bytes", limit);
    wipe_and_free(*out, *len);
    *out = NULL;
    return false;
}
