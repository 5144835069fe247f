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
    csign_status status = csign_context_parse_preauth(&out, data, response);
    CHECK(CSIGN_VIEWS_INSIDE(&out, data));
    CHECK(out.has_preauth == (status == CSIGN_OK));
    if (status == CSIGN_OK) {
        CHECK(out.preauth_hashes.data == data.data + 4 && out.preauth_hashes.count > 0 &&
              (!response || data.len == 6 + out.preauth_salt.len));
    } else {
        size_t i;
        __CPROVER_assume(i < sizeof out);
        CHECK(((const uint8_t *)&out)[i] == 0);
    }
}
