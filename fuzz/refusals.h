/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that their caller got wrong: a pointer that is missing, a view that contradicts itself, a structure that no parser makes, a
   walk's state that is none. Each is made from what an input gave, differs from a right call in that alone, and must be refused
   with CSIGN_BAD_ARGUMENT (or the status that is named), leaving zeros and writing nothing else. Shared by the targets. */
#ifndef FUZZ_REFUSALS_H
#define FUZZ_REFUSALS_H

#include "fuzz.h"

/* Parsers and the walk without an output, or on a view that contradicts itself. */
void refusals_parse(csign_bytes message);

/* States that are no element of the walk through message; the element at offset, of len bytes, is one. */
void refusals_walk(csign_bytes message, size_t offset, size_t len);

/* *request or *response can be encoded; with any one defect it cannot. */
void refusals_encode_request(const csign_negotiate_request *request);
void refusals_encode_response(const csign_negotiate_response *response);

/* The server's calls and the client's. */
void refusals_select(const csign_negotiate_policy *policy, const csign_negotiate_request *request);
void refusals_respond(const csign_negotiated *chosen, const csign_negotiate_request *request);
void refusals_accept(const csign_negotiate_request *sent, const csign_negotiate_response *response);

/* Deriving and binding, to a session that exists. */
void refusals_session(const csign_session *session, const csign_negotiated *negotiated, csign_bytes key,
                      const uint8_t preauth[64]);

/* A signer's calls on an element of at least 64 bytes. */
void refusals_signer(const csign_signer *signer, csign_bytes message);

#endif
