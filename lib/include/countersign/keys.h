/* SPDX-License-Identifier: Apache-2.0 */
/* From the session key that authentication produced to the keys of a session and its channels (MS-SMB2 3.1.4.2,
   3.2.5.3, 3.3.5.5). Constant time in keys and hashes; lengths, dialects and algorithms show. */
#ifndef COUNTERSIGN_KEYS_H
#define COUNTERSIGN_KEYS_H

#include "bytes.h"
#include "negotiate.h"
#include "sign.h"
#include "status.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* csign_derive_key derives one key. SessionKey is the first 16 bytes of session_key, zero-padded when shorter;
   FullSessionKey is all of it and is used for 32-byte cipher keys alone. 3.x: SP 800-108 with the labels of MS-SMB2
   3.1.4.2; preauth is the session's 64-byte hash at 3.1.1 and ignored below. 2.x: signing and application keys are
   SessionKey itself. out must not overlap the inputs. CSIGN_OK; CSIGN_BAD_ARGUMENT: NULL, an unknown dialect or
   purpose, out_len not 16 (32 is allowed for cipher keys at 3.1.1), a cipher key in 2.x, no preauth at 3.1.1; then
   out_len bytes of out are zeroed. */
csign_status csign_derive_key(uint8_t *out, size_t out_len, csign_key_purpose purpose, csign_dialect dialect,
                              csign_bytes session_key, const uint8_t preauth[64]);

/* csign_key: len bytes; len 0 means that there is no such key. */
typedef struct csign_key {
    uint8_t bytes[32];
    size_t len;
} csign_key;

/* csign_session: a session on its first channel: what was agreed, its signer, and the keys. Holds secrets. */
typedef struct csign_session {
    csign_dialect dialect;
    csign_signing_algorithm signing_algorithm;
    csign_cipher cipher;
    csign_signer signer;
    csign_key signing, application, client_to_server, server_to_client;
} csign_session;

/* csign_channel: a further channel bound to a session: its own signer and signing key, nothing else. Holds secrets. */
typedef struct csign_channel {
    csign_signer signer;
    csign_key signing;
} csign_channel;

/* csign_session_derive makes a session of what was negotiated and the key that authentication produced. preauth is the
   session's hash at 3.1.1 and ignored below. *out is zeroed on failure. CSIGN_OK; CSIGN_BAD_ARGUMENT: NULL, an empty
   key, no preauth at 3.1.1, or a combination that no negotiation gives: 2.x with anything but HMAC-SHA256 and no
   cipher; 3.0, 3.0.2 with anything but AES-CMAC, or a cipher other than AES-128-CCM or none; 3.1.1 without
   signing_negotiated and an algorithm other than AES-CMAC; an unknown dialect, algorithm or cipher. full_session_key
   must not overlap *out (CSIGN_BAD_ARGUMENT), nor may preauth. MS-SMB2 3.2.5.3.1, 3.3.5.5.3. */
csign_status csign_session_derive(csign_session *out, const csign_negotiated *negotiated, csign_bytes full_session_key,
                                  const uint8_t preauth[64]);

/* csign_session_bind_check says whether session may be bound to a connection with these parameters. *ntstatus is what
   a server answers: 0; 0xC000042A REQUEST_OUT_OF_SEQUENCE: an AES-GMAC session on a connection with another algorithm;
   0xC00000BB NOT_SUPPORTED: another session on an AES-GMAC connection; 0xC00000D0 REQUEST_NOT_ACCEPTED: 2.x on either
   side; 0xC000000D INVALID_PARAMETER: dialect or cipher differ; the first that applies. ntstatus may be NULL.
   CSIGN_OK; CSIGN_UNSUPPORTED when refused; CSIGN_BAD_ARGUMENT (INVALID_PARAMETER): NULL, a session without a signer,
   a connection that csign_session_derive refuses as a combination that no negotiation gives. Whether the user is the
   same is the caller's to check (ACCESS_DENIED). MS-SMB2 3.3.5.5, order as Samba answers. */
csign_status csign_session_bind_check(const csign_session *session, const csign_negotiated *connection,
                                      uint32_t *ntstatus);

/* csign_session_bind makes a channel: its signing key comes from the binding authentication's own session key and that
   connection's own chain, its algorithm from the connection. Under AES-GMAC the bind legs repeat nonces that the
   session's key has already used on its first connection, because MessageIds restart: the protocol's own weakness.
   *out is zeroed on failure. CSIGN_OK; csign_session_bind_check's refusals; CSIGN_BAD_ARGUMENT also: an empty key, no
   preauth at 3.1.1, a binding_key that overlaps *out. */
csign_status csign_session_bind(csign_channel *out, const csign_session *session, const csign_negotiated *connection,
                                csign_bytes binding_key, const uint8_t preauth[64]);

/* csign_session_wipe and csign_channel_wipe set every byte to zero, in a way that survives optimisation. NULL is
   ignored. */
void csign_session_wipe(csign_session *session);
void csign_channel_wipe(csign_channel *channel);

#ifdef __cplusplus
}
#endif

#endif
