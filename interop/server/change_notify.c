/* SPDX-License-Identifier: Apache-2.0 */
/* CHANGE_NOTIFY (MS-SMB2 3.3.5.19). */
#include <stdlib.h>

#include "notify.h"
#include "octets.h"
#include "max_io.h"

#define WATCH_TREE 1u

static void forget(struct request *request)
{
    struct watch *watch = request->data;
    DL_DELETE(watch->requests, request);
}

uint32_t serve_change_notify(struct request *request)
{
    uint32_t status, most = load_le32(request->body + 4);
    struct open *open = request_open(request, request->body + 8, &status);
    if (!open)
        return status;
    if (most > MAX_TRANSACT || !request_affords(request, most) || !node_is_directory(open->node))
        return STATUS_INVALID_PARAMETER;
    if (!(open->access & READ_DATA))
        return STATUS_ACCESS_DENIED;
    if (open->node->delete_pending)
        return STATUS_DELETE_PENDING;
    if (!open->watch) {
        open->watch = calloc(1, sizeof *open->watch);
        if (!open->watch)
            return STATUS_INSUFFICIENT_RESOURCES;
        /* The first request decides for the life of the open. */
        open->watch->filter = load_le32(request->body + 24);
        open->watch->tree = load_le16(request->body + 2) & WATCH_TREE;
        open->watch->most = most;
    }
    struct watch *watch = open->watch;
    if (!watch->requests && (watch->len || watch->overflowed))
        return watch_answer(request, open);
    if (request->header.next_command) /* 3.3.5.2.7: what follows would wait for who knows how long */
        return STATUS_INTERNAL_ERROR;
    if (!request_defer(request, forget, watch))
        return STATUS_INSUFFICIENT_RESOURCES;
    DL_APPEND(watch->requests, request);
    return STATUS_PENDING;
}
