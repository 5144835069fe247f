/* SPDX-License-Identifier: Apache-2.0 */
/* OPLOCK_BREAK, the acknowledgement (MS-SMB2 3.3.5.22.1). */
#include <string.h>

#include "octets.h"
#include "oplock.h"

uint32_t serve_oplock_break(struct request *request)
{
    uint32_t status;
    struct open *open = request_open(request, request->body + 8, &status);
    if (!open)
        return status;
    status = oplock_acknowledge(open, request->body[2]);
    if (status)
        return status;
    uint8_t *body = reply(request, 24);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le16(body, 24);
    body[2] = open->oplock;
    memcpy(body + 8, open->id, 16);
    return STATUS_SUCCESS;
}
