/* SPDX-License-Identifier: Apache-2.0 */
/* LOGOFF (MS-SMB2 3.3.5.6): the answer is still signed with the session's key, so the session ends behind it. */
#include "request.h"

uint32_t serve_logoff(struct request *request)
{
    request->ends_session = true;
    return STATUS_SUCCESS;
}
