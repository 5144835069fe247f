/* SPDX-License-Identifier: Apache-2.0 */
/* The walk as a caller writes it, over any number of elements. */
#include "contracts.h"
#include "proof.h"
#include "wire/compound.c"

void harness(void)
{
    csign_bytes message = any_view(MESSAGE_MAX);
    size_t offset = 0, len = 0;
    csign_status status = csign_compound_next(message, &offset, &len);
    while (status == CSIGN_OK && len != 0)
        CSIGN_LOOP((status, offset, len),
                   status != CSIGN_OK ||
                       (offset <= message.len && len <= message.len - offset && (len == 0 || len >= 64)),
                   status == CSIGN_OK && len != 0 ? message.len - offset : 0)
        {
            status = csign_compound_next(message, &offset, &len);
        }
}
