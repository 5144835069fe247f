/* SPDX-License-Identifier: Apache-2.0 */
/* Which messages are signed, which never, and which must not be (MS-SMB2 3.1.4.1, 3.1.5.1, 3.2.5.1.3, 3.3.4.1.1). Both look at the
   header's fields where they stand, since this is done for every message. */
#ifndef COUNTERSIGN_SMB3_MESSAGE_RULES_H
#define COUNTERSIGN_SMB3_MESSAGE_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "../include/countersign/status.h"
#include "../include/countersign/types.h"

/* csign_message_signable says of the header of an element of len bytes, 64 or more: CSIGN_OK; CSIGN_MALFORMED (ProtocolId,
   StructureSize, or a NextCommand that is neither 0 nor exactly len); CSIGN_NOT_SIGNED_BY_RULE; CSIGN_NONCE_FORBIDDEN. */
csign_status csign_message_signable(const uint8_t header[64], size_t len, csign_signing_algorithm algorithm);

/* csign_message_verifiable: CSIGN_OK: its signature counts; CSIGN_MALFORMED; CSIGN_NOT_SIGNED_BY_RULE: whatever it carries is
   unauthenticated; CSIGN_NOT_SIGNED. */
csign_status csign_message_verifiable(const uint8_t header[64], size_t len);

#endif
