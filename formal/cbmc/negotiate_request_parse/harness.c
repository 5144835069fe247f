/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE request parser: the fixed part and its views; the contexts by the contract of the scan. */
#include "contracts.h"
#include "proof.h"
#include "wire/bytes.c"
#include "wire/negotiate_header.c"
#include "wire/negotiate_request.c"

void harness(void)
{
    csign_bytes message = any_view(MESSAGE_MAX);
    csign_negotiate_request out;
    size_t i;
    csign_status status = csign_negotiate_request_parse(&out, message);
    CHECK(csign_negotiate_request_parse(NULL, message) == CSIGN_BAD_ARGUMENT);
    if (status == CSIGN_OK) {
        CHECK(CSIGN_VIEWS_INSIDE(&out.contexts, message));
        CHECK(out.dialects.count > 0 && CSIGN_LIST_INSIDE(out.dialects, message));
    } else {
        __CPROVER_assume(i < sizeof out);
        CHECK(((const uint8_t *)&out)[i] == 0);
    }
}
