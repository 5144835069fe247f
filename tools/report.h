/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about a capture: one verdict for each message element, remarks about what could not be judged, a summary. Two
   reports take these in: text for people and JSON. */
#ifndef COUNTERSIGN_TOOLS_REPORT_H
#define COUNTERSIGN_TOOLS_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "countersign/bytes.h"

typedef enum verdict {
    VERDICT_VERIFIED, /* the signature is right */
    VERDICT_DECRYPTED, /* it came encrypted, and the AEAD's tag is right: authenticated by that; no signature is verified */
    VERDICT_BAD, /* SIGNED is set and the signature, or the AEAD's tag, is not that of this message under the session's key */
    VERDICT_UNSIGNED,           /* SIGNED is clear */
    VERDICT_NOT_TO_BE_VERIFIED, /* never signed: interim responses, NEGOTIATE, ... (MS-SMB2 3.1.5.1); unauthenticated */
    VERDICT_MIRRORED,  /* a response that only repeats its request's signature: a server without a key does that */
    VERDICT_NO_KEY,    /* signed, and no key is known */
    VERDICT_ENCRYPTED, /* a transform message, and no key is known */
    VERDICT_COUNT
} verdict;

/* verdict_name returns "verified", "bad", ... */
const char *verdict_name(verdict v);

typedef struct judged_message {
    size_t connection; /* number in the capture, from 0 */
    size_t frame, element;
    bool from_server;
    bool
        readable; /* false: encrypted; command, message_id and status are unknown, session_id is the transform header's */
    uint16_t command;
    uint32_t status; /* bytes 8..11 of the header: Status of a response, ChannelSequence of a 3.x request */
    uint64_t message_id;
    uint64_t session_id; /* of a related element: its compound's session */
    verdict verdict;
    const char *algorithm; /* with which a key was tried, or NULL */
    const char *key;       /* "session", "channel", or NULL */
    const char *cipher;    /* by which it was decrypted, or NULL */
    const char *why;       /* what stands behind bad, mirrored, no-key and encrypted, a static sentence; else NULL */
} judged_message;

typedef struct summary {
    size_t verdicts[VERDICT_COUNT];
    size_t
        unjudged; /* remarks that mean that something was not judged: missing bytes, compression, malformed messages */
} summary;

typedef struct report {
    /* describes a connection; again when more is known of it */
    void (*connection)(struct report *report, size_t connection, const char *description);
    void (*message)(struct report *report, const judged_message *message);
    void (*remark)(struct report *report, size_t connection, size_t frame, const char *text);
    /* the last call: error is NULL or says why the input is not usable (any further); releases the report. Telling standard error
       as well is the caller's part */
    void (*end)(struct report *report, const summary *total, const char *error);
} report;

/* Every text given to a report may come from hostile input: reports print unusual bytes as '?'. */
report *report_json(FILE *out, FILE *diagnostics);
report *report_text(FILE *out, bool colour);

/* printable copies text into out, replacing what is not printable ASCII. Returns out. */
char *printable(char *out, size_t out_len, const char *text);

#endif
