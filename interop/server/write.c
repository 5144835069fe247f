/* SPDX-License-Identifier: Apache-2.0 */
/* WRITE (MS-SMB2 3.3.5.13). */

#include "max_io.h"
#include "notify.h"
#include "octets.h"
#include "oplock.h"
#include "range_lock.h"

uint32_t serve_write(struct request *request)
{
    uint32_t status, length = load_le32(request->body + 4);
    uint64_t offset = load_le64(request->body + 8);
    csign_bytes data;
    struct open *open = request_open(request, request->body + 16, &status);
    if (!open)
        return status;
    struct node *node = open->node;
    if (length > MAX_READ_WRITE || !request_affords(request, length) ||
        !request_buffer(request, load_le16(request->body + 2), length, &data) || offset > INT64_MAX ||
        offset + length > INT64_MAX)
        return STATUS_INVALID_PARAMETER;
    if (node_is_directory(node))
        return STATUS_INVALID_DEVICE_REQUEST;
    if (!(open->access & (WRITE_DATA | APPEND_DATA)))
        return STATUS_ACCESS_DENIED;
    if (length && range_lock_conflicts(open, offset, length, true))
        return STATUS_FILE_LOCK_CONFLICT;
    bool grows = offset + length > node->size;
    if (length && grows && !share_resize(open_share(open), node, offset + length))
        return STATUS_DISK_FULL;
    uint8_t *body = reply(request, 16);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le16(body, 17);
    store_le32(body + 4, length);
    if (length) {
        share_write(node, (size_t)offset, data);
        node_touch(node);
        oplock_break_level_ii(open);
        notify_change(open_share(open), node, NOTIFY_MODIFIED, FILTER_LAST_WRITE | (grows ? FILTER_SIZE : 0));
    }
    return STATUS_SUCCESS;
}
