/* SPDX-License-Identifier: Apache-2.0 */
/* The scan over all contexts of a message, known or not, in any order, repeated or not. The parsers stand in by their
   contracts, which demand that the Data they are handed is readable. */
#include "contracts.h"
#include "proof.h"
#include "wire/context_scan.c"

void harness(void)
{
    csign_bytes message = any_view(MESSAGE_MAX);
    csign_context_area area;
    csign_negotiate_contexts out;
    __CPROVER_assume(area.offset <= UINT32_MAX && area.count <= 65535);
    __CPROVER_assume(area.security_offset <= 65535 && area.security_len <= 65535);
    csign_contexts_parse(&out, message, &area);
}
