/* SPDX-License-Identifier: Apache-2.0 */
/* READ (MS-SMB2 3.3.5.12). */
#include "max_io.h"
#include "octets.h"
#include "range_lock.h"

uint32_t serve_read(struct request *request)
{
    uint32_t status, length = load_le32(request->body + 4), least = load_le32(request->body + 32);
    uint64_t offset = load_le64(request->body + 8);
    struct open *open = request_open(request, request->body + 16, &status);
    if (!open)
        return status;
    const struct node *node = open->node;
    if (length > MAX_READ_WRITE || !request_affords(request, length) || offset > INT64_MAX ||
        offset + length > INT64_MAX)
        return STATUS_INVALID_PARAMETER;
    if (node_is_directory(node))
        return STATUS_INVALID_DEVICE_REQUEST;
    if (!(open->access & (READ_DATA | EXECUTE)))
        return STATUS_ACCESS_DENIED;
    if (length && range_lock_conflicts(open, offset, length, false))
        return STATUS_FILE_LOCK_CONFLICT;
    size_t available = offset < node->size ? node->size - (size_t)offset : 0;
    size_t len = length < available ? length : available;
    if (len < least || (!len && length))
        return STATUS_END_OF_FILE;
    uint8_t *body = reply_with(request, len ? 16 : 17, (csign_bytes){len ? node->data + offset : NULL, len});
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    open->position = offset + len;
    store_le16(body, 17);
    body[2] = CSIGN_HEADER_LEN + 16;
    store_le32(body + 4, (uint32_t)len);
    return STATUS_SUCCESS;
}
