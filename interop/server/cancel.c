/* SPDX-License-Identifier: Apache-2.0 */
/* CANCEL (MS-SMB2 3.3.5.16): never answered itself. */
#include "chain.h"

uint32_t serve_cancel(struct request *request)
{
    struct request *deferred = chain_find_deferred(request->connection, &request->header);
    if (deferred && deferred->session == request->session)
        request_abandon(deferred, STATUS_CANCELLED);
    return STATUS_SUCCESS;
}
