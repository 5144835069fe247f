/* SPDX-License-Identifier: Apache-2.0 */
/* The `countersign` command: finds the subcommand. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "report.h"

static int ended(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fputs("countersign: the output cannot be written\n", stderr);
    return COMMAND_UNUSABLE;
}

static const char help[] = "usage: countersign SUBCOMMAND ...\n"
                           "\n"
                           "  pcap     judge the signature of every SMB2 and SMB3 message in a capture\n"
                           "  explain  say why signatures of a capture are wrong\n"
                           "  kdf      derive a session's keys from its session key\n"
                           "  decode   show a NEGOTIATE message with all its contexts\n"
                           "\n"
                           "'countersign SUBCOMMAND --help' says more.\n";

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } subcommands[] = {
        {"pcap", command_pcap}, {"explain", command_explain}, {"kdf", command_kdf}, {"decode", command_decode}};
    char clean[128];

    if (argc < 2) {
        fputs(help, stderr);
        return COMMAND_UNUSABLE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        fputs(help, stdout);
        return ended(0);
    }
    for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0]; i++)
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return ended(subcommands[i].run(argc - 1, argv + 1));
    fprintf(stderr, "countersign: there is no subcommand '%s'\n%s", printable(clean, sizeof clean, argv[1]), help);
    return COMMAND_UNUSABLE;
}
