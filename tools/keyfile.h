/* SPDX-License-Identifier: Apache-2.0 */
/* The key file: lines `SESSION_ID SESSION_KEY` in hex, `#` comments and blank lines. The id is the 64-bit number with 16 digits,
   the key is what authentication produced, of any length. A session may have several lines: the first is its own, the
   others belong to authentications that bound further connections to it. */
#ifndef COUNTERSIGN_TOOLS_KEYFILE_H
#define COUNTERSIGN_TOOLS_KEYFILE_H

#include <stdbool.h>

#include "countersign/countersign.h"

/* More lines for one session are refused: each is tried against every bind. Windows binds at most 32 channels. */
#define KEYFILE_LINES_PER_SESSION 64u

typedef struct keyfile_line {
    uint64_t session_id;
    uint8_t *key;
    size_t key_len;     /* 0: only the cipher keys are known */
    const char *source; /* NULL: the key file */
    csign_key client_to_server,
        server_to_client; /* given beside the session key, as Wireshark's list may; len 0: not */
} keyfile_line;

typedef struct keyfile {
    keyfile_line *lines; /* ascending by session_id, in the file's order for each */
    size_t count;
} keyfile;

/* keyfile_parse reads a key file's text. False: error (of error_len bytes) says which line is wrong, how, and what to write; it
   never quotes a key. *out is then empty. Release with keyfile_free, which also wipes the keys. */
bool keyfile_parse(keyfile *out, csign_bytes text, char *error, size_t error_len);
void keyfile_free(keyfile *keys);

/* keyfile_read reads a text of any format that is known, by its content: our own, Wireshark's list of SMB2 session keys, a log of Samba's
   with its keys. As keyfile_parse. */
bool keyfile_read(keyfile *out, csign_bytes text, char *error, size_t error_len);

/* keyfile_merge moves the lines of one file behind those of another, which stay each session's first; *from is then empty. *contradiction is
   0 or a session to which both give a key of its own, and not the same. False: a session has too many lines; both are then
   empty. */
bool keyfile_merge(keyfile *into, keyfile *from, uint64_t *contradiction, char *error, size_t error_len);

/* keyfile_find returns the lines of a session, in the file's order, and how many there are. */
const keyfile_line *keyfile_find(const keyfile *keys, uint64_t session_id, size_t *count);

#endif
