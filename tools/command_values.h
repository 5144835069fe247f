/* SPDX-License-Identifier: Apache-2.0 */
/* Values on the command line. Each function returns false after command_misused has said what is wrong, without repeating a key. */
#ifndef COUNTERSIGN_TOOLS_COMMAND_VALUES_H
#define COUNTERSIGN_TOOLS_COMMAND_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "countersign/types.h"

/* command_number takes a number from 1 to 10^9. */
bool command_number(size_t *out, const char *subcommand, const char *option, const char *text);

/* command_color takes `auto` (a terminal without NO_COLOR in the environment), `always` or `never`. */
bool command_color(bool *out, const char *subcommand, const char *when);

/* command_named returns a number by its name, or as it is on the wire ("0x0311"); -1: it is none up to limit. */
long command_named(const char *text, const char *(*names)(uint32_t), uint32_t limit);

bool command_dialect(csign_dialect *out, const char *subcommand, const char *value);           /* --dialect */
bool command_signing(csign_signing_algorithm *out, const char *subcommand, const char *value); /* --signing */

/* command_hex turns an option's hex digits into bytes (release with free). */
bool command_hex(const char *subcommand, const char *option, const char *value, uint8_t **out, size_t *len);

/* command_session_key does so with --session-key, of which '-' means the digits on standard input. */
bool command_session_key(const char *subcommand, const char *value, uint8_t **out, size_t *out_len);

/* command_from_hex replaces hex text, with white space and colons anywhere, by its bytes. False: error says where it is wrong. */
bool command_from_hex(uint8_t *text, size_t *len, char *error, size_t error_len);

#endif
