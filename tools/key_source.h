/* SPDX-License-Identifier: Apache-2.0 */
/* Where a session's key can come from besides key files: something (a password, a keytab) that reads it out of the security
   tokens which the session's SESSION_SETUP messages carried. */
#ifndef COUNTERSIGN_TOOLS_KEY_SOURCE_H
#define COUNTERSIGN_TOOLS_KEY_SOURCE_H

#include "countersign/countersign.h"

/* security_token: the security buffer of one SESSION_SETUP message, in the order of the exchange. */
typedef struct security_token {
    bool from_server;
    size_t frame;
    csign_bytes bytes;
} security_token;

typedef enum key_answer {
    KEY_NOT_MINE, /* another mechanism's exchange */
    KEY_FOUND,    /* key, beyond doubt */
    KEY_REFUSED   /* its mechanism, but there is no key: why and text */
} key_answer;

typedef struct key_finding {
    key_answer answer;
    csign_key key;      /* 16 or 32 bytes: the session key that authentication produced */
    const char *source; /* whose answer this is */
    size_t frame;       /* what text is about */
    const char *why;    /* a static sentence beside each message that lacks the key */
    char text[320];     /* the same with names; "": nothing worth a remark */
} key_finding;

typedef struct key_source {
    const char *name; /* for reports: "password" */
    /* find asks for the key of a setup that succeeded. *out is zero at first. */
    void (*find)(struct key_source *source, const security_token *tokens, size_t count, key_finding *out);
    /* end says at the capture's end what the user should know of the source as a whole. False: nothing. */
    bool (*end)(struct key_source *source, char *text, size_t text_len);
    /* release wipes and frees. */
    void (*release)(struct key_source *source);
} key_source;

#endif
