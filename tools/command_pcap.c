/* SPDX-License-Identifier: Apache-2.0 */
/* `countersign pcap`: the command line around judge.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "judge.h"

#define KEY_FILE_LIMIT (64u << 20)

static const char help[] =
    "usage: countersign pcap CAPTURE --keys FILE [--json] [--require-verified]\n"
    "\n"
    "Judges the signature of every SMB2 and SMB3 message in a capture (pcap or pcapng).\n"
    "\n"
    "  --keys FILE         the sessions' keys: lines SESSION_ID SESSION_KEY in hex. The id is the 64-bit number with\n"
    "                      16 digits, the key is what authentication produced, of any length. '#' starts a comment.\n"
    "                      A session may have several lines: the first is its own key, the others are the keys of\n"
    "                      authentications that bound other connections to it. Without --keys nothing can be "
    "verified.\n"
    "  --json              print one JSON object; remarks go to standard error\n"
    "  --require-verified  exit with 1 also when a signed or encrypted message has no key, when a signature is "
    "mirrored (which\n"
    "                      authenticates nothing), or when something could not be judged (missing or damaged bytes,\n"
    "                      compressed messages)\n"
    "  --help              print this\n"
    "\n"
    "Verdicts: verified; decrypted (came encrypted, and the AEAD's tag is right); bad; unsigned; not-to-be-verified\n"
    "(never signed by the protocol's rules); mirrored (a response that repeats its request's signature, as servers\n"
    "without a key do); no-key; encrypted (no key is known).\n"
    "\n"
    "Exit status: 0 nothing is bad, 1 a signature is bad, 2 the input cannot be used (further); what came before is\n"
    "reported all the same.\n";

/* Reads the key file. False: *error says what is wrong, with the file's name. */
static bool load_keys(keyfile *keys, const char *name, char *error, size_t error_len)
{
    char why[256];
    uint8_t *text;
    size_t len;
    FILE *file = fopen(name, "r");

    if (file == NULL) {
        snprintf(error, error_len, "%s: %s", name, strerror(errno));
        return false;
    }
    setvbuf(file, NULL, _IONBF, 0);
    bool good = read_all(file, &text, &len, KEY_FILE_LIMIT, why, sizeof why);
    fclose(file);
    if (good) {
        good = keyfile_parse(keys, (csign_bytes){text, len}, why, sizeof why);
        explicit_bzero(text, len);
        free(text);
    }
    if (!good)
        snprintf(error, error_len, "%s: %s", name, why);
    return good;
}

int command_pcap(int argc, char **argv)
{
    static const struct option options[] = {{"keys", required_argument, NULL, 'k'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"require-verified", no_argument, NULL, 'r'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    judge_options judging = {.colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL};
    const char *key_name = NULL, *name;
    char error[1024];
    keyfile keys = {0};
    unsigned given = 0;

    for (int option; (option = command_option(argc, argv, options, &given)) != -1;) {
        switch (option) {
        case 'k':
            key_name = optarg;
            break;
        case 'j':
            judging.json = true;
            break;
        case 'r':
            judging.require_verified = true;
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        default:
            return COMMAND_UNUSABLE;
        }
    }
    if (optind + 1 != argc)
        return command_misused("pcap", optind == argc ? "the capture is missing" : "more than one capture");
    name = argv[optind];
    if (key_name != NULL && !load_keys(&keys, key_name, error, sizeof error))
        return judge_refuse(error, &judging, stdout, stderr);
    FILE *capture = fopen(name, "rb");
    if (capture == NULL) {
        snprintf(error, sizeof error, "%s: %s", name, strerror(errno));
        keyfile_free(&keys);
        return judge_refuse(error, &judging, stdout, stderr);
    }
    int status = judge_stream(capture, name, &keys, &judging, stdout, stderr);
    keyfile_free(&keys);
    return status;
}
