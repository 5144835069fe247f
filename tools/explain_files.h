/* SPDX-License-Identifier: Apache-2.0 */
/* `countersign explain` without a capture: a message and what is known of its session, each from a file or an option. */
#ifndef COUNTERSIGN_TOOLS_EXPLAIN_FILES_H
#define COUNTERSIGN_TOOLS_EXPLAIN_FILES_H

#include "countersign/diagnose.h"
#include "report.h"

/* For getopt_long. */
enum {
    EXPLAIN_FILES_CHANNEL = 128,
    EXPLAIN_FILES_DIALECT,
    EXPLAIN_FILES_ELEMENT,
    EXPLAIN_FILES_FINAL,
    EXPLAIN_FILES_HEX,
    EXPLAIN_FILES_MESSAGE,
    EXPLAIN_FILES_OTHER_KEY,
    EXPLAIN_FILES_OTHER_PREAUTH,
    EXPLAIN_FILES_REQUEST_SIGNATURE,
    EXPLAIN_FILES_SESSION_KEY,
    EXPLAIN_FILES_SIGNING
};
enum { EXPLAIN_FILES_PREAUTH = 512 }; /* above 255: may be repeated (command_option) */

#define EXPLAIN_FILES_OPTIONS                                                                                          \
    {"channel", no_argument, NULL, EXPLAIN_FILES_CHANNEL},                                                             \
        {"dialect", required_argument, NULL, EXPLAIN_FILES_DIALECT},                                                   \
        {"element", required_argument, NULL, EXPLAIN_FILES_ELEMENT},                                                   \
        {"final", required_argument, NULL, EXPLAIN_FILES_FINAL}, {"hex", no_argument, NULL, EXPLAIN_FILES_HEX},        \
        {"message", required_argument, NULL, EXPLAIN_FILES_MESSAGE},                                                   \
        {"other-session-key", required_argument, NULL, EXPLAIN_FILES_OTHER_KEY},                                       \
        {"other-preauth", required_argument, NULL, EXPLAIN_FILES_OTHER_PREAUTH},                                       \
        {"request-signature", required_argument, NULL, EXPLAIN_FILES_REQUEST_SIGNATURE},                               \
        {"session-key", required_argument, NULL, EXPLAIN_FILES_SESSION_KEY},                                           \
        {"signing", required_argument, NULL, EXPLAIN_FILES_SIGNING},                                                   \
    {                                                                                                                  \
        "preauth", required_argument, NULL, EXPLAIN_FILES_PREAUTH                                                      \
    }

extern const char explain_files_help[];

/* Bytes that are owned. */
typedef struct owned_bytes {
    uint8_t *data;
    size_t len;
} owned_bytes;

typedef struct explain_files {
    bool any; /* an option of these was given */
    const char *message, *final_response;
    const char **preauth;
    size_t preauth_count, preauth_capacity;
    size_t element; /* from 1; 0: the first */
    bool hex, channel, signing_given, dialect_given;
    csign_dialect dialect;
    csign_signing_algorithm signing;
    owned_bytes session_key, other_key, other_preauth, request_signature;
} explain_files;

bool explain_files_is(int option);

/* explain_files_take takes one option. False: it is wrong, and command_misused has said so. */
bool explain_files_take(explain_files *f, int option, const char *value);

/* explain_files_run reads, searches with so much work and prints on standard output; returns the exit status. */
int explain_files_run(const explain_files *f, const report_form *form, uint64_t work);

/* explain_files_end wipes and frees. */
void explain_files_end(explain_files *f);

#endif
