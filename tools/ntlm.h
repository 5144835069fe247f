/* SPDX-License-Identifier: Apache-2.0 */
/* NTLM (MS-NLMP) as an onlooker with the password sees it: the logon that SESSION_SETUP's tokens carry, and the session key that it
   gives. NTLMv2 alone: its response also proves whether the password is the user's. */
#ifndef COUNTERSIGN_TOOLS_NTLM_H
#define COUNTERSIGN_TOOLS_NTLM_H

#include "key_source.h"

#define NTLM_KEY_LEN 16u

typedef enum ntlm_kind {
    NTLM_NONE,       /* the tokens are another mechanism's */
    NTLM_INCOMPLETE, /* CHALLENGE or AUTHENTICATE is missing or malformed */
    NTLM_ANONYMOUS,
    NTLM_V1, /* user is known */
    NTLM_V2
} ntlm_kind;

/* ntlm_logon: what CHALLENGE and AUTHENTICATE say; borrows the tokens. */
typedef struct ntlm_logon {
    ntlm_kind kind;
    size_t frame;                    /* of AUTHENTICATE */
    const uint8_t *server_challenge; /* 8 bytes */
    csign_bytes response;            /* NtChallengeResponse */
    csign_bytes user, domain;        /* as sent: UTF-16LE */
    const uint8_t *exchanged_key;    /* EncryptedRandomSessionKey, or NULL if no key is exchanged */
} ntlm_logon;

/* ntlm_find fills *out from the tokens of one setup. */
void ntlm_find(ntlm_logon *out, const security_token *tokens, size_t count);

/* ntlm_hash is NTOWFv1: MD4 of the password in UTF-16LE. */
void ntlm_hash(uint8_t hash[NTLM_KEY_LEN], csign_bytes password);

/* ntlm_session_key computes the key of an NTLM_V2 logon. False: the hash is not that of the user's password. */
bool ntlm_session_key(uint8_t key[NTLM_KEY_LEN], const ntlm_logon *logon, const uint8_t hash[NTLM_KEY_LEN]);

#endif
