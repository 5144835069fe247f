/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE response parser: the fixed part and its views; the contexts by the contract of the scan. */
#include "contracts.h"
#include "proof.h"
#include "wire/bytes.c"
#include "wire/negotiate_header.c"
#include "wire/negotiate_response.c"

void harness(void)
{
    csign_bytes message = any_view(MESSAGE_MAX);
    csign_negotiate_response out;
    size_t i;
    csign_status status = csign_negotiate_response_parse(&out, message);
    CHECK(csign_negotiate_response_parse(NULL, message) == CSIGN_BAD_ARGUMENT);
    if (status == CSIGN_OK) {
        CHECK(CSIGN_VIEWS_INSIDE(&out.contexts, message));
        CHECK(CSIGN_INSIDE(out.security_buffer.data, out.security_buffer.len, message));
    } else {
        __CPROVER_assume(i < sizeof out);
        CHECK(((const uint8_t *)&out)[i] == 0);
    }
}
