/* SPDX-License-Identifier: Apache-2.0 */
/* What a proof may take for granted of a function that another proof is about: `replace` in proof.conf puts the contract in
   the place of the function. Each names the proof that shows it. */
#ifndef COUNTERSIGN_FORMAL_CONTRACTS_H
#define COUNTERSIGN_FORMAL_CONTRACTS_H

#include "contract.h"
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
                  (CSIGN_INSIDE(out->data.data, out->data.len, message) && offset <= message.len &&
                   out->data.len <= 65535 && CONTEXT_HEADER_LEN + out->data.len <= message.len - offset));

/* Proof: context_scan. */
void csign_contexts_parse(csign_negotiate_contexts *out, csign_bytes message, const csign_context_area *area)
__CPROVER_requires(__CPROVER_w_ok(out, sizeof *out))
__CPROVER_requires(READABLE(message))
__CPROVER_requires(__CPROVER_r_ok(area, sizeof *area))
__CPROVER_requires(area->offset <= UINT32_MAX && area->count <= 65535)
__CPROVER_requires(area->security_offset <= 65535 && area->security_len <= 65535)
__CPROVER_requires(CSIGN_VIEWS_INSIDE(out, message))
__CPROVER_assigns(*out)
__CPROVER_ensures(CSIGN_VIEWS_INSIDE(out, message));

#endif
