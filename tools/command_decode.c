/* SPDX-License-Identifier: Apache-2.0 */
/* `countersign decode`: the command line around decode.h. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "command_values.h"
#include "decode.h"
#include "hex.h"
#include "report.h"

#define INPUT_LIMIT (64u << 20) /* the largest transport frame has 16 MiB; as hex with blanks */

static const char help[] =
    "usage: countersign decode FILE|- [--hex] [--json]\n"
    "\n"
    "Shows a NEGOTIATE request or response with every field and every context, unknown ones too. The input is one "
    "SMB2\n"
    "message, with or without the 4-byte transport header (which is detected). Offsets count from the SMB2 header.\n"
    "\n"
    "  --hex   the input is text: hex digits, with white space and colons anywhere\n"
    "  --json  print one JSON object; its \"error\" is null or says status, text and offset; of input that cannot be "
    "read\n"
    "          \"error\" is all there is, and its status and offset are null\n"
    "  --help  print this\n"
    "\n"
    "Exit status: 0 the message is right, 1 it is a NEGOTIATE but wrong, 2 it cannot be decoded.\n";

static int decode(const uint8_t *bytes, size_t len, const char *name, bool hex, bool json)
{
    json_t *document = decode_negotiate((csign_bytes){len ? bytes : NULL, len});
    const json_t *error = json_object_get(document, "error");
    bool dialect = json_object_get(document, "dialect") != NULL || json_object_get(document, "dialects") != NULL;
    char clean[512];
    int status = json_is_null(error) ? 0 : dialect ? 1 : COMMAND_UNUSABLE;

    if (json) {
        json_dumpf(document, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        decode_print(document, stdout);
    }
    if (status != 0) {
        bool looks_hex =
            !hex && len >= 4 && isxdigit(bytes[0]) && isxdigit(bytes[1]) && isxdigit(bytes[2]) && isxdigit(bytes[3]);
        fprintf(stderr, "countersign decode: %s: at offset %lld: %s (%s)%s\n", printable(clean, sizeof clean, name),
                (long long)json_integer_value(json_object_get(error, "offset")),
                json_string_value(json_object_get(error, "text")), json_string_value(json_object_get(error, "status")),
                looks_hex ? "; this looks like hex digits: try --hex" : "");
    }
    json_decref(document);
    return status;
}

/* Input that cannot be read; in JSON too. */
static int unreadable(const char *name, const char *why, bool json)
{
    if (json) {
        json_t *document = json_pack("{s:{s:n, s:s, s:n}}", "error", "status", "text", why, "offset");
        json_dumpf(document, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(document);
    }
    return command_misused("decode", "%s: %s", name, why);
}

int command_decode(int argc, char **argv)
{
    static const struct option options[] = {{"hex", no_argument, NULL, 'x'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    bool hex = false, json = false;
    unsigned given = 0;
    uint8_t *bytes;
    size_t len;
    char error[256];

    for (int option; (option = command_option(argc, argv, ":", options, &given)) != -1;) {
        if (option == 'x')
            hex = true;
        else if (option == 'j')
            json = true;
        else if (option == 'h') {
            fputs(help, stdout);
            return 0;
        } else
            return COMMAND_UNUSABLE;
    }
    if (optind + 1 != argc)
        return command_misused("decode",
                               optind == argc ? "the input is missing; '-' is standard input" : "more than one input");
    const char *name = argv[optind];
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (file == NULL)
        return unreadable(name, strerror(errno), json);
    bool good = read_all(file, &bytes, &len, INPUT_LIMIT, error, sizeof error);
    if (file != stdin)
        fclose(file);
    if (!good)
        return unreadable(name, error, json);
    int status = hex && !command_from_hex(bytes, &len, error, sizeof error) ? unreadable(name, error, json)
                                                                            : decode(bytes, len, name, hex, json);
    free(bytes);
    return status;
}
