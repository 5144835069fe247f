/* SPDX-License-Identifier: Apache-2.0 */
/* What a client may take for an answer to its request, written from MS-SMB2 3.2.5.2 apart from lib/smb3. */
#ifndef FUZZ_ACCEPT_MODEL_H
#define FUZZ_ACCEPT_MODEL_H

#include <countersign/negotiate.h>

/* The expected status; *out is the result with CSIGN_OK. Where two things are wrong either may be reported, so the answer is a set
   of statuses, bit = status; with CSIGN_OK it has no other bit. */
uint32_t model_accept(csign_negotiated *out, const csign_negotiate_request *sent,
                      const csign_negotiate_response *response);

#endif
