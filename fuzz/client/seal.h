/* SPDX-License-Identifier: Apache-2.0 */
/* The TRANSFORM as the client has it (MS-SMB2 2.2.41, 3.1.4.3): apart from the server's own on purpose. */
#ifndef FUZZ_CLIENT_SEAL_H
#define FUZZ_CLIENT_SEAL_H

#include <countersign/countersign.h>

#define SEAL_LEN 52u

/* seal encrypts the len bytes behind the 52 of header in place, and fills those in. false: there are no keys. */
bool seal(const csign_session *keys, uint64_t session_id, uint64_t nonce, uint8_t *header, size_t len);
/* unseal decrypts in place what the server sent, header included in len. false: it is not authentic. */
bool unseal(const csign_session *keys, uint8_t *header, size_t len);

#endif
