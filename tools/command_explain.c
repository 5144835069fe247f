/* SPDX-License-Identifier: Apache-2.0 */
/* `countersign explain`: why signatures of a capture are wrong. */
#define _DEFAULT_SOURCE /* getopt_long */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "command_values.h"
#include "explain_files.h"
#include "judge.h"
#include "key_options.h"

#define WORK_DEFAULT_MIB 4096u

static const char help[] =
    "usage: countersign explain CAPTURE [--keys FILE] ...    a pcap or pcapng file; '-' is standard input\n"
    "       countersign explain --message FILE --session-key HEX --dialect DIALECT [--signing NAME] [--preauth FILE] "
    "...\n"
    "\n"
    "Says why signatures are wrong: names the mistakes of the signer, up to three together, that reproduce the "
    "signature,\n"
    "with the evidence and what to change. The messages of the session's setup must be in the capture (at 3.1.1), and "
    "its\n"
    "key must be known.\n"
    "\n"
    "Where keys come from:\n"
    "%s"
    "\n"
    "Without a capture:\n"
    "%s"
    "\n"
    "  --frame N           of a capture only what came in this frame\n"
    "  --work MIB          give up a search after hashing so much (default 4096; small messages need a hundredth)\n"
    "  --show-keys         print the signing keys, the right one and the signer's\n"
    "  --json              one JSON object (tools/README.md)\n"
    "  --color WHEN        auto, always or never\n"
    "  --help              this\n"
    "\n"
    "Exit status: 0 no signature is wrong, 1 some are, 2 the input cannot be used (further).\n";

typedef struct explain_command {
    judge_options judging;
    key_options keys;
    explain_files files;
    bool help;
} explain_command;

static bool take_option(explain_command *c, int option)
{
    switch (option) {
    case 'f':
        if (!command_number(&c->judging.form.frame, "explain", "frame", optarg))
            return false;
        c->judging.diagnose.frame = c->judging.form.frame;
        return true;
    case 'w': {
        size_t mib;
        if (!command_number(&mib, "explain", "work", optarg))
            return false;
        c->judging.diagnose.work = (uint64_t)mib << 20;
        return true;
    }
    case 'k':
        return c->judging.form.keys = true;
    case 'j':
        return c->judging.form.json = true;
    case 'C':
        return command_color(&c->judging.form.colour, "explain", optarg);
    case 'h':
        return c->help = true;
    case '?':
        return false;
    default:
        return explain_files_is(option) ? explain_files_take(&c->files, option, optarg)
                                        : key_options_take(&c->keys, option, optarg);
    }
}

static bool take_options(explain_command *c, int argc, char **argv)
{
    static const struct option options[] = {KEY_OPTIONS,
                                            EXPLAIN_FILES_OPTIONS,
                                            {"frame", required_argument, NULL, 'f'},
                                            {"work", required_argument, NULL, 'w'},
                                            {"show-keys", no_argument, NULL, 'k'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"color", required_argument, NULL, 'C'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    unsigned given = 0;
    for (int option; !c->help && (option = command_option(argc, argv, ":", options, &given)) != -1;)
        if (!take_option(c, option))
            return false;
    return true;
}

static int run(explain_command *c, const char *name)
{
    char error[1024];
    bool standard_input = strcmp(name, "-") == 0;
    judge_input input = {.name = name};

    if (!key_options_load(&c->keys, !standard_input, error, sizeof error))
        return judge_refuse(error, &c->judging, stdout, stderr);
    c->judging.sources = c->keys.sources;
    c->judging.source_count = c->keys.source_count;
    c->judging.keylog = c->keys.keylog;
    input.file = standard_input ? stdin : fopen(name, "rb");
    if (input.file != NULL)
        return judge_capture(&input, &c->keys.keys, &c->judging, stdout, stderr);
    snprintf(error, sizeof error, "%s: %s", name, strerror(errno));
    return judge_refuse(error, &c->judging, stdout, stderr);
}

int command_explain(int argc, char **argv)
{
    explain_command c = {
        .judging = {.form.explain = true,
                    .diagnose = {.work = (uint64_t)WORK_DEFAULT_MIB << 20, .searches = DIAGNOSE_SEARCHES_MAX}}};
    int status = COMMAND_UNUSABLE;

    command_color(&c.judging.form.colour, "explain", "auto");
    if (!take_options(&c, argc, argv))
        status = COMMAND_UNUSABLE;
    else if (c.help)
        status = printf(help, key_options_help, explain_files_help) < 0;
    else if (c.files.message != NULL || c.files.any)
        status = argc != optind ? command_misused("explain", "a capture and --message: choose one")
                                : explain_files_run(&c.files, &c.judging.form, c.judging.diagnose.work);
    else if (argc - optind != 1)
        status = command_misused("explain", argc == optind ? "the capture is missing" : "more than one capture");
    else
        status = run(&c, argv[optind]);
    key_options_end(&c.keys);
    explain_files_end(&c.files);
    return status;
}
