/* SPDX-License-Identifier: Apache-2.0 */
/* Which messages are signed, which never, and which must not be (MS-SMB2 3.1.4.1, 3.1.5.1, 3.2.5.1.3, 3.3.4.1.1). */
#ifndef COUNTERSIGN_SMB3_MESSAGE_RULES_H
#define COUNTERSIGN_SMB3_MESSAGE_RULES_H

#include <stdbool.h>

#include "../include/countersign/message.h"
#include "../include/countersign/types.h"

/* csign_message_shape reads the header of an element of len bytes. CSIGN_OK; CSIGN_TRUNCATED; CSIGN_MALFORMED:
   ProtocolId, StructureSize, or a NextCommand that is neither 0 nor exactly len. */
csign_status csign_message_shape(csign_header *out, const uint8_t *header, size_t len);

/* csign_message_never_signed says whether a message is unsigned by rule; whatever it carries is unauthenticated. */
bool csign_message_never_signed(const csign_header *header);

/* csign_message_signable: CSIGN_OK, CSIGN_NOT_SIGNED_BY_RULE, CSIGN_NONCE_FORBIDDEN. */
csign_status csign_message_signable(const csign_header *header, csign_signing_algorithm algorithm);

#endif
