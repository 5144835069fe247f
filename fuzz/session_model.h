/* SPDX-License-Identifier: Apache-2.0 */
/* Which sessions there are, what keys they have and what may be bound to them, written from MS-SMB2 3.1.4.2, 3.2.5.3 and 3.3.5.5.2
   apart from lib/smb3. Labels and the padding of SessionKey come from oracle/smb3.h; HMAC and SHA-512 are lib's one-shot primitives,
   which the *_diff targets compare with every oracle. Shared by the targets session_keys and sequence. */
#ifndef FUZZ_SESSION_MODEL_H
#define FUZZ_SESSION_MODEL_H

#include "fuzz.h"

/* A negotiation's result as numbers, among them numbers that no csign_ enum has. */
typedef struct model_negotiated {
    uint32_t dialect, signing, cipher;
    bool signing_negotiated;
} model_negotiated;

typedef struct model_key {
    uint8_t bytes[32];
    size_t len;
} model_key;

/* What a session is made of: plain values and keys, in the order signing, application, client to server, server to client. */
typedef struct model_session {
    model_negotiated negotiated;
    model_key keys[4];
} model_session;

csign_negotiated model_as_negotiated(const model_negotiated *n);

/* Whether some negotiation ends with these numbers. */
bool model_negotiated_possible(const model_negotiated *n);

/* The session of a negotiation and a key; preauth is read at 3.1.1 alone. */
void model_session_derive(model_session *out, const model_negotiated *n, csign_bytes full_session_key,
                          const uint8_t preauth[64]);

/* The signing key of a channel, likewise. */
void model_signing_key(uint8_t out[16], const model_negotiated *connection, csign_bytes key, const uint8_t preauth[64]);

/* What a server answers to a bind of a session that exists: an NTSTATUS, 0 when it is taken. */
uint32_t model_bind_status(const model_negotiated *session, const model_negotiated *connection);

/* The preauthentication hash behind one more message. */
void model_preauth_step(uint8_t value[64], csign_bytes message);

/* The library's session against the model's: every field and key, and a signature of the header. */
void model_session_check(const csign_session *session, const model_session *expected, const uint8_t header[64]);

/* A signer's signature of a header alone against the model's. */
void model_signer_check(const csign_signer *signer, uint32_t algorithm, const uint8_t key[16],
                        const uint8_t header[64]);

#endif
