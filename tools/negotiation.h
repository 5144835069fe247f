/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE as an onlooker sees it: what the two sides agreed on, and the start of the preauthentication hash chain. */
#ifndef COUNTERSIGN_TOOLS_NEGOTIATION_H
#define COUNTERSIGN_TOOLS_NEGOTIATION_H

#include "conversation.h"

#define SECURITY_MODE_SIGNING_REQUIRED 0x02u /* of NEGOTIATE and SESSION_SETUP */

void negotiation_request(conversation *c, csign_bytes message);
void negotiation_response(conversation *c, csign_bytes message, size_t frame);

/* negotiation_describe says for reports who talks to whom and what they negotiated. */
void negotiation_describe(conversation *c);

#endif
