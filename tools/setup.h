/* SPDX-License-Identifier: Apache-2.0 */
/* Session setups in flight on one connection: each has its own fork of the preauthentication hash chain, so that two at once
   never mix (MS-SMB2 3.2.5.3, 3.3.5.5), and the security tokens that key sources read. The last response of one that
   succeeds gives a session or channel its keyring. */
#ifndef COUNTERSIGN_TOOLS_SETUP_H
#define COUNTERSIGN_TOOLS_SETUP_H

#include "conversation.h"

/* More at once on one connection than any client has; the oldest is then given up, with a remark. */
#define SETUPS_IN_FLIGHT 1024u

/* No authentication takes more; what follows is not kept. */
#define SETUP_TOKENS 64u

void setup_request(conversation *c, const csign_header *header, uint64_t session_id, csign_bytes element, size_t frame);
void setup_response(conversation *c, const csign_header *header, uint64_t session_id, csign_bytes element,
                    size_t frame);

/* setup_late_keys fills the ring of a setup that has succeeded anew, with the lines that the key files have by now. */
void setup_late_keys(conversation *c, keyring *ring);

/* setups_lost says that messages are missing that the hash chains may need. */
void setups_lost(conversation *c);
void setups_free(conversation *c);

#endif
