/* SPDX-License-Identifier: Apache-2.0 */
/* Control fields of an input that are a server's policy, and comparing what policies lead to: for the policy targets. */
#ifndef FUZZ_POLICY_INPUT_H
#define FUZZ_POLICY_INPUT_H

#include "fuzz.h"

/* 11 bytes: dialects, signing count, three signing algorithms, cipher count, four ciphers, flags. Mostly policies that make sense;
   one value in sixteen is one that no policy may have. */
void policy_take(csign_negotiate_policy *out, fuzz_reader *r);

bool policy_same_result(const csign_negotiated *a, const csign_negotiated *b);

/* What was chosen for request is answered, encoded, parsed and accepted by the client that sent it, with the same result.
   received_by is called with the response as the client parsed it; it may be NULL. */
void policy_converse(const csign_negotiated *chosen, const csign_negotiate_request *request, csign_bytes salt,
                     void (*received_by)(const csign_negotiate_request *sent,
                                         const csign_negotiate_response *response));

#endif
