/* SPDX-License-Identifier: Apache-2.0 */
/* The parser of one context's Data field. */
#include "wire/context_parse.c"
#include <string.h>

#include "proof.h"

void harness(void)
{
    csign_bytes data = any_view(65535);
    bool response;
    csign_negotiate_contexts out;
    memset(&out, 0, sizeof out);
    csign_status status = csign_context_parse_transport(&out, data);
    CHECK(CSIGN_VIEWS_INSIDE(&out, data));
    CHECK(out.has_transport == (status == CSIGN_OK));
    if (status == CSIGN_OK) {
        CHECK(data.len == 4);
    } else {
        size_t i;
        __CPROVER_assume(i < sizeof out);
        CHECK(((const uint8_t *)&out)[i] == 0);
    }
}
