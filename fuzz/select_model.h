/* SPDX-License-Identifier: Apache-2.0 */
/* What a server must choose, written from MS-SMB2 3.3.5.4 apart from lib/smb3. */
#ifndef FUZZ_SELECT_MODEL_H
#define FUZZ_SELECT_MODEL_H

#include <countersign/negotiate.h>

/* The expected status; *out is what is chosen with CSIGN_OK. Where two things are wrong either may be reported, so the answer
   is a set of statuses, bit = status; with CSIGN_OK it has no other bit. */
uint32_t model_select(csign_negotiated *out, const csign_negotiate_policy *policy,
                      const csign_negotiate_request *request);

/* Whether a policy names nothing unknown and counts nothing past its arrays. */
bool model_policy_sound(const csign_negotiate_policy *policy);

#endif
