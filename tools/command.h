/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of `countersign`. Each gets its own argv (argv[0] is the subcommand) and returns the exit status. */
#ifndef COUNTERSIGN_TOOLS_COMMAND_H
#define COUNTERSIGN_TOOLS_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

int command_pcap(int argc, char **argv);
int command_kdf(int argc, char **argv);
int command_decode(int argc, char **argv);
int command_explain(int argc, char **argv);

/* The exit status for a wrong command line or unusable input, the same everywhere. */
enum { COMMAND_UNUSABLE = 2 };

/* command_misused prints a message about the command line, prefixed with the subcommand, and where help is; returns
   COMMAND_UNUSABLE. */
int command_misused(const char *subcommand, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct option;

/* command_option returns the next option's val (getopt_long), -1 behind the last, or '?' after saying which option is wrong
   and how; one whose value is given twice is wrong, too, unless its val is above 255. letters: ":" and the short options as for getopt. *given is 0 at first. */
int command_option(int argc, char **argv, const char *letters, const struct option *options, unsigned *given);

/* read_all reads a stream to its end into *out (release with free). False: error says why not. limit is in bytes. It leaves no
   other copy in memory if the stream has no buffer (setvbuf). */
bool read_all(FILE *file, uint8_t **out, size_t *len, size_t limit, char *error, size_t error_len);

#endif
