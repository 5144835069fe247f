/* SPDX-License-Identifier: Apache-2.0 */
/* The session keys that were found, in the form of Wireshark's list of SMB2 session keys, which keyfile_read reads back. */
#ifndef COUNTERSIGN_TOOLS_KEYLOG_H
#define COUNTERSIGN_TOOLS_KEYLOG_H

#include <stdio.h>

#include "keyring.h"

/* Keys are collected as their sessions are forgotten, about 150 bytes for each different one. Zero bytes are an empty log. */
typedef struct keylog {
    struct logged *entries;
    size_t count, capacity;
} keylog;

/* keylog_add takes the key of a ring if it has proven itself or is beyond doubt. */
void keylog_add(keylog *log, const keyring *ring);

/* keylog_write writes a line for each key, a session's own before its channels', then wipes and frees the log. False: out cannot be
   written. */
bool keylog_write(keylog *log, FILE *out);

#endif
