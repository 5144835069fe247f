/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE request parser: the fixed part and its views; the contexts by what context_scan proves. */
#include "proof.h"
#include "wire/u16_list.c"
#include "wire/header.c"
#include "wire/negotiate_header.c"
#include "wire/negotiate_request.c"

/* In place of the scan, which context_scan is about: what it may rely on, and what it gives. */
void csign_contexts_parse(csign_negotiate_contexts *out, csign_bytes message, const csign_context_area *area)
{
    CHECK(message.len == 0 || __CPROVER_r_ok(message.data, message.len));
    CHECK(area->offset <= UINT32_MAX && area->count <= 65535);
    CHECK(area->security_offset <= 65535 && area->security_len <= 65535);
    CHECK(!out->has_preauth && out->preauth_hashes.count == 0 && out->posix.len == 0);
    csign_negotiate_contexts any;
    __CPROVER_assume(VIEWS_INSIDE(&any, message));
    *out = any;
}

void harness(void)
{
    csign_bytes message = any_view(MESSAGE_MAX);
    csign_negotiate_request out;
    csign_status status = csign_negotiate_request_parse(&out, message);
    if (status == CSIGN_OK) {
        CHECK(VIEWS_INSIDE(&out.contexts, message));
        CHECK(out.dialects.count > 0 && LIST_INSIDE(out.dialects, message));
    } else {
        CHECK(out.header.message_id == 0 && out.dialects.count == 0 && out.client_guid[15] == 0 && !out.has_preauth);
    }
}
