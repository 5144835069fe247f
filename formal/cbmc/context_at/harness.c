/* SPDX-License-Identifier: Apache-2.0 */
/* One context's header at any offset of any message: what it views is inside the message, right behind the header. */
#include "wire/context_scan.c"
#include "wire/context_parse.c"
#include "proof.h"

void harness(void)
{
    csign_bytes message = any_view(MESSAGE_MAX);
    size_t offset;
    csign_context context;
    csign_status status = csign_context_at(&context, message, offset);
    if (status == CSIGN_OK) {
        CHECK(INSIDE(context.data.data, context.data.len, message));
        CHECK(offset + CONTEXT_HEADER_LEN + context.data.len <= message.len);
        CHECK(context.data.len == 0 || context.data.data == message.data + offset + CONTEXT_HEADER_LEN);
    } else {
        CHECK(status == CSIGN_TRUNCATED && context.type == 0 && context.data.data == NULL && context.data.len == 0);
    }
}
