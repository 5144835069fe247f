/* SPDX-License-Identifier: Apache-2.0 */
/* The preauthentication integrity hash chain of SMB 3.1.1 (MS-SMB2 3.1.4.4.1): H0 = 64 zero bytes, then H = SHA-512(H
   || message) for each message, whole, from the SMB2 header, signature bytes included, without the transport's length
   prefix. Connection: NEGOTIATE request and response. Session: a copy of the connection's chain, then every
   SESSION_SETUP request and every response with STATUS_MORE_PROCESSING_REQUIRED, never the final one. */
#ifndef COUNTERSIGN_PREAUTH_H
#define COUNTERSIGN_PREAUTH_H

#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* csign_preauth: value is the hash so far. Copy the struct to fork a session from its connection. */
typedef struct csign_preauth {
    uint8_t value[64];
} csign_preauth;

/* csign_preauth_init sets the chain to H0. */
void csign_preauth_init(csign_preauth *chain);

/* csign_preauth_update absorbs one message: one call per message, because each is hashed apart. Constant time in
   content. */
void csign_preauth_update(csign_preauth *chain, csign_bytes message);

/* csign_preauth_update_parts absorbs one message that lies in part_count pieces: the same as the pieces joined. */
void csign_preauth_update_parts(csign_preauth *chain, const csign_bytes *parts, size_t part_count);

#ifdef __cplusplus
}
#endif

#endif
