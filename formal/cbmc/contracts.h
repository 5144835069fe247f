/* SPDX-License-Identifier: Apache-2.0 */
/* What a proof may take for granted of a function that another proof is about: `replace` in proof.conf puts the contract in
   the place of the function. Each names the proof that shows it. */
#ifndef COUNTERSIGN_FORMAL_CONTRACTS_H
#define COUNTERSIGN_FORMAL_CONTRACTS_H

#include "proof.h"
#include "wire/contexts.h"

#define READABLE(view) ((view).len == 0 || __CPROVER_r_ok((view).data, (view).len))

/* Proof: header_parse. */
csign_status csign_header_parse(csign_header *out, csign_bytes element)
__CPROVER_requires(out == NULL || __CPROVER_w_ok(out, sizeof *out))
__CPROVER_requires(READABLE(element))
__CPROVER_assigns(out != NULL: *out)
__CPROVER_ensures(__CPROVER_return_value != CSIGN_BAD_ARGUMENT || out == NULL || (element.data == NULL && element.len != 0))
__CPROVER_ensures(__CPROVER_return_value != CSIGN_OK || (out != NULL && element.len >= CSIGN_HEADER_LEN));

/* Proof: context_at. */
csign_status csign_context_at(csign_context *out, csign_bytes message, size_t offset)
__CPROVER_requires(__CPROVER_w_ok(out, sizeof *out))
__CPROVER_requires(READABLE(message))
__CPROVER_assigns(*out)
__CPROVER_ensures(__CPROVER_return_value == CSIGN_OK || __CPROVER_return_value == CSIGN_TRUNCATED)
__CPROVER_ensures(__CPROVER_return_value != CSIGN_OK ||
                  (INSIDE(out->data.data, out->data.len, message) && offset <= message.len &&
                   out->data.len <= 65535 && CONTEXT_HEADER_LEN + out->data.len <= message.len - offset));

/* Proofs: context_preauth, context_encryption and so on, one a parser. */
#define PARSER(name, ...)                                                                                              \
    csign_status csign_context_parse_##name(csign_negotiate_contexts *out, csign_bytes data, ##__VA_ARGS__)              \
    __CPROVER_requires(__CPROVER_w_ok(out, sizeof *out)) __CPROVER_requires(READABLE(data) && data.len <= 65535)       \
    __CPROVER_assigns(*out)
PARSER(preauth, bool response);
PARSER(encryption, bool response);
PARSER(compression);
PARSER(netname);
PARSER(transport);
PARSER(rdma_transform);
PARSER(signing, bool response);
PARSER(posix);

#endif
