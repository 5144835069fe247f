/* SPDX-License-Identifier: Apache-2.0 */
/* SPNEGO (RFC 4178): the mechanism's own token inside a security buffer. */
#ifndef COUNTERSIGN_TOOLS_SPNEGO_H
#define COUNTERSIGN_TOOLS_SPNEGO_H

#include <stdbool.h>

#include "countersign/bytes.h"

/* spnego_token returns the token that a NegTokenInit or NegTokenResp carries, which may be none (length 0); a buffer that is not SPNEGO
   is the mechanism's token itself. Borrows. */
csign_bytes spnego_token(csign_bytes buffer);

/* spnego_take_oid says whether a GSS-API initial token (RFC 2743 section 3.1) begins with the mechanism's OID, and takes tag, length and OID
   off it. */
bool spnego_take_oid(csign_bytes *token, csign_bytes oid);

#endif
