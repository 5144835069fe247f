/* SPDX-License-Identifier: Apache-2.0 */
/* FLUSH (MS-SMB2 3.3.5.11): memory has nothing behind it. */
#include "open.h"

uint32_t serve_flush(struct request *request)
{
    uint32_t status;
    struct open *open = request_open(request, request->body + 8, &status);
    if (open && !(open->access & (WRITE_DATA | APPEND_DATA)))
        return STATUS_ACCESS_DENIED;
    return status;
}
