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

/* A connection as reports know it. It belongs to whoever reads the capture. */
typedef struct report_connection {
    size_t number;   /* in the capture, from 0 */
    char ends[136];  /* "192.0.2.1:50000 > 192.0.2.2:445": client, server */
    char terms[112]; /* what they negotiated: "SMB 3.1.1, AES-GMAC, AES-128-GCM" */
    void *own;       /* what the report keeps about it, until closed */
} report_connection;

typedef struct judged_message {
    report_connection *connection;
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
    const char *source;    /* where the key comes from that verified or decrypted, or is beyond doubt; or NULL */
    const char *cipher;    /* by which it was decrypted, or NULL */
    const struct diagnosis *diagnosis; /* of a signature that was searched for its mistakes (diagnosis.h); else NULL */
    const char *why; /* what stands behind bad, mirrored, no-key and encrypted, a static sentence; else NULL */
} judged_message;

typedef struct summary {
    size_t verdicts[VERDICT_COUNT];
    size_t
        unjudged; /* remarks that mean that something was not judged: missing bytes, compression, malformed messages */
    size_t stripped; /* unsigned messages of sessions that require signing */
} summary;

/* summary_messages is the number of all messages. */
size_t summary_messages(const summary *total);

typedef struct report {
    void (*message)(struct report *report, const judged_message *message);
    /* connection: NULL if it is about the whole capture */
    void (*remark)(struct report *report, const report_connection *connection, size_t frame, const char *text);
    void (*closed)(struct report *report, report_connection *connection);
    /* the last call, after all connections have been closed: error is NULL or says why the input is not usable (any further);
       releases the report. Telling standard error as well is the caller's part */
    void (*end)(struct report *report, const summary *total, const char *error);
} report;

typedef struct report_form {
    bool json;     /* one JSON object */
    bool lines;    /* JSON Lines: an object for each message and remark, and one for the summary */
    bool colour;   /* text for a terminal */
    bool messages; /* text: a line for every message */
    bool explain;  /* why signatures are wrong, and nothing else: report_explain.h; with json, as JSON */
    size_t frame;  /* explain: only what came in this frame; 0: all */
    bool keys;     /* explain: print the signing keys */
    bool live;     /* everything is written out at once; text: a line for every message that is not good */
} report_form;

/* report_new makes the report of a form. Memory does not grow with the number of messages; what is listed at the end is bounded,
   and says how much more there was. Every text given to it may come from hostile input: unusual bytes are printed as '?'.
   diagnostics: where remarks go besides, when they are JSON in out. */
report *report_new(const report_form *form, FILE *out, FILE *diagnostics);

/* verdict_good says whether nothing need be said of a message with this verdict. */
bool verdict_good(verdict v);

/* printable copies text into out, replacing what is not printable ASCII. Returns out. */
char *printable(char *out, size_t out_len, const char *text);

#endif
