/* SPDX-License-Identifier: Apache-2.0 */
/* TREE_DISCONNECT (MS-SMB2 3.3.5.8). */
#include "request.h"
#include "tree.h"

uint32_t serve_tree_disconnect(struct request *request)
{
    tree_end(request->tree);
    request->tree = NULL;
    return STATUS_SUCCESS;
}
