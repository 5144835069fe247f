/* SPDX-License-Identifier: Apache-2.0 */
/* One step of the walk through a message, with any offset and length. */
#include "contracts.h"
#include "proof.h"
#include "wire/compound.c"

void harness(void)
{
    csign_bytes message = any_view(MESSAGE_MAX);
    size_t offset, len;
    const size_t offset_before = offset, len_before = len;
    csign_status status = csign_compound_next(message, &offset, &len);
    CHECK(status == CSIGN_OK || len == 0);
    if (status == CSIGN_OK) {
        CHECK(offset <= message.len && len <= message.len - offset);
        CHECK(len == 0 || len >= CSIGN_HEADER_LEN);
        CHECK(len == 0 || offset == offset_before + len_before);
    }
}
