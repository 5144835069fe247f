/* SPDX-License-Identifier: Apache-2.0 */
/* The TRANSFORM header (MS-SMB2 2.2.41, 3.1.4.3): encryption is not the library's; a crypto library does it with the keys that the
   library derives. */
#ifndef SERVER_TRANSFORM_H
#define SERVER_TRANSFORM_H

#include "session.h"

/* transform_seal encrypts len bytes at message in place for the client and fills in the 52-byte header in front of it. */
bool transform_seal(struct session *session, uint8_t header[52], uint8_t *message, size_t len);
/* transform_open decrypts in place what follows the header: len bytes in all. false: too short, sizes that contradict each other, or not
   authentic. */
bool transform_open(const struct session *session, uint8_t *transform, size_t len);

#endif
