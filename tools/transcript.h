/* SPDX-License-Identifier: Apache-2.0 */
/* The messages that a preauthentication hash is made of (MS-SMB2 3.1.4.4.1), kept so that a diagnosis can make it in other ways. */
#ifndef COUNTERSIGN_TOOLS_TRANSCRIPT_H
#define COUNTERSIGN_TOOLS_TRANSCRIPT_H

#include <stdbool.h>

#include "countersign/bytes.h"

#define TRANSCRIPT_MESSAGES 64u     /* what csign_diagnose takes */
#define TRANSCRIPT_BYTES (1u << 20) /* a setup that is larger is not kept: no authentication needs a tenth of that */

typedef struct transcript {
    csign_bytes *messages; /* NEGOTIATE request and response, then SESSION_SETUP; each is owned */
    size_t count, capacity, len;
    csign_bytes final_response; /* the one that is not hashed */
    bool incomplete;            /* there was more than is kept */
} transcript;

/* transcript_add keeps a copy of a message; transcript_end one of the final response. */
void transcript_add(transcript *t, csign_bytes message);
void transcript_end(transcript *t, csign_bytes final_response);

/* transcript_copy makes *out, which is empty, a copy that is apart. */
void transcript_copy(transcript *out, const transcript *t);

/* transcript_free leaves an empty one. */
void transcript_free(transcript *t);

#endif
