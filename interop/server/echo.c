/* SPDX-License-Identifier: Apache-2.0 */
/* ECHO (MS-SMB2 3.3.5.17). */
#include "request.h"

uint32_t serve_echo(struct request *request)
{
    (void)request;
    return STATUS_SUCCESS;
}
