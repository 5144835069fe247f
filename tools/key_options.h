/* SPDX-License-Identifier: Apache-2.0 */
/* The options of `countersign pcap` that say where keys come from and go to. All may be repeated but --keylog. */
#ifndef COUNTERSIGN_TOOLS_KEY_OPTIONS_H
#define COUNTERSIGN_TOOLS_KEY_OPTIONS_H

#include <stdio.h>

#include "key_source.h"
#include "keyfile.h"
#include "password.h"

/* For getopt_long; above all characters, which says that they may be repeated (command_option). */
enum {
    KEY_OPTION_KEYS = 256,
    KEY_OPTION_PASSWORD,
    KEY_OPTION_USER,
    KEY_OPTION_DOMAIN,
    KEY_OPTION_KEYTAB,
    KEY_OPTION_KEYLOG
};

#define KEY_OPTIONS                                                                                                    \
    {"keys", required_argument, NULL, KEY_OPTION_KEYS}, {"password", required_argument, NULL, KEY_OPTION_PASSWORD},    \
        {"user", required_argument, NULL, KEY_OPTION_USER}, {"domain", required_argument, NULL, KEY_OPTION_DOMAIN},    \
        {"keytab", required_argument, NULL, KEY_OPTION_KEYTAB},                                                        \
    {                                                                                                                  \
        "keylog", required_argument, NULL, KEY_OPTION_KEYLOG                                                           \
    }

/* Help for them, as part of a longer text. */
extern const char key_options_help[];

/* By what a file is known to have changed. */
typedef struct key_stamp {
    uint64_t modified, size, inode; /* modified in nanoseconds */
} key_stamp;

typedef struct key_options {
    const char **files, **keytabs;
    size_t file_count, file_capacity, keytab_count, keytab_capacity;
    password_of *passwords; /* --user and --domain belong to the --password beside which they stand */
    size_t password_count, password_capacity;
    const char *keylog_name;
    key_stamp *stamps; /* of the files when they were read */
    uint64_t quiet;    /* until then (run_clock) they are not read again */
    /* after key_options_load */
    keyfile keys;
    key_source **sources;
    size_t source_count;
    FILE *keylog;
} key_options;

/* key_options_take takes one of them. False: it says what is wrong, as command_misused. */
bool key_options_take(key_options *o, int option, const char *value);

/* key_options_load reads and opens what they name; the passwords "-" are lines of standard input, which stdin_free must say is free.
   False: error says what is wrong. */
bool key_options_load(key_options *o, bool stdin_free, char *error, size_t error_len);

/* key_options_refresh reads the key files again if one has changed. True: the keys have changed. A file that cannot be read now, a line of
   it being written perhaps, changes nothing. context: the key_options. It never takes more than a twentieth of the time. */
bool key_options_refresh(void *context);

/* key_options_end wipes, closes and frees; also after a failed load. */
void key_options_end(key_options *o);

#endif
