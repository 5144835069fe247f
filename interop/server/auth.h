/* SPDX-License-Identifier: Apache-2.0 */
/* Authentication: tokens in, tokens out, and at the end who it is and a session key. auth_gssapi.c does it with GSSAPI (SPNEGO with NTLM,
   and Kerberos when there is a keytab); a fuzz target puts another in its place at link time. */
#ifndef SERVER_AUTH_H
#define SERVER_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include <countersign/bytes.h>

#include "settings.h"

enum auth_result { AUTH_CONTINUE, AUTH_DONE, AUTH_FAILED };

/* SPNEGO's NegTokenResp with accept-completed (RFC 4178 4.2.2): for whom no mechanism speaks, anonymous and guests. */
static const uint8_t AUTH_ACCEPTED[] = {0xA1, 0x07, 0x30, 0x05, 0xA0, 0x03, 0x0A, 0x01, 0x00};

struct auth_identity {
    char user[256];
    bool anonymous;
    uint8_t session_key[64]; /* wiped by the caller */
    size_t session_key_len;
};

struct auth;

/* auth_start prepares what is common to all. false: *why says what is wrong with the users' file, the keytab or the mechanisms. */
bool auth_start(const struct settings *settings, char *why, size_t why_len);
void auth_stop(void);
/* auth_hint: the token that NEGOTIATE's response carries, to be freed with free(). */
uint8_t *auth_hint(size_t *len);
struct auth *auth_new(void);
/* auth_step takes a token; *out is to be freed with free(), NULL when there is nothing to send. AUTH_FAILED: why says what the mechanism says. */
enum auth_result auth_step(struct auth *auth, csign_bytes token, uint8_t **out, size_t *out_len,
                           struct auth_identity *identity, char *why, size_t why_len);
void auth_free(struct auth *auth);

#endif
