/* SPDX-License-Identifier: Apache-2.0 */
/* SET_INFO (MS-SMB2 3.3.5.21, MS-FSA 2.1.5.14). */
#include "notify.h"
#include "octets.h"
#include "oplock.h"
#include "rename.h"
#include "security.h"
#include "server.h"

#define INFO_FILE 1u
#define INFO_SECURITY 3u

enum {
    BASIC = 4,
    RENAME = 10,
    LINK = 11,
    DISPOSITION = 13,
    POSITION = 14,
    FULL_EA = 15,
    MODE = 16,
    ALLOCATION = 19,
    END_OF_FILE = 20
};

/* 0: leave it; -1 and -2 speak of what later writes do to it, which changes nothing now. */
static void set_time(uint64_t *out, const uint8_t *p)
{
    uint64_t time = load_le64(p);
    if (time && time < UINT64_MAX - 1)
        *out = time;
}

static uint32_t set_basic(struct open *open, csign_bytes data)
{
    struct node *node = open->node;
    uint32_t attributes = load_le32(data.data + 32);
    if (!(open->access & WRITE_ATTRIBUTES))
        return STATUS_ACCESS_DENIED;
    if (attributes & (node_is_directory(node) ? ATTRIBUTE_TEMPORARY : ATTRIBUTE_DIRECTORY))
        return STATUS_INVALID_PARAMETER;
    node->changed = now_filetime();
    set_time(&node->created, data.data);
    set_time(&node->accessed, data.data + 8);
    set_time(&node->written, data.data + 16);
    set_time(&node->changed, data.data + 24);
    if (attributes)
        node->attributes = (node->attributes & ATTRIBUTE_DIRECTORY) | (attributes & ATTRIBUTES_KEPT);
    uint32_t filter = (attributes ? FILTER_ATTRIBUTES : 0) | (load_le64(data.data) ? FILTER_CREATION : 0) |
                      (load_le64(data.data + 8) ? FILTER_LAST_ACCESS : 0) |
                      (load_le64(data.data + 16) ? FILTER_LAST_WRITE : 0);
    notify_change(open_share(open), node, NOTIFY_MODIFIED, filter);
    return STATUS_SUCCESS;
}

static uint32_t set_disposition(struct open *open, csign_bytes data)
{
    struct node *node = open->node;
    if (!(open->access & DELETE))
        return STATUS_ACCESS_DENIED;
    if (data.data[0]) {
        uint32_t status = can_delete(node);
        if (status)
            return status;
        oplock_break_level_ii(open);
    }
    node->delete_pending = data.data[0];
    if (!node->delete_pending)
        open->delete_on_close = false;
    return STATUS_SUCCESS;
}

static uint32_t set_size(struct open *open, uint64_t size)
{
    struct node *node = open->node;
    if (size == node->size)
        return STATUS_SUCCESS;
    if (!share_resize(open_share(open), node, size))
        return STATUS_DISK_FULL;
    node_touch(node);
    notify_change(open_share(open), node, NOTIFY_MODIFIED, FILTER_SIZE | FILTER_LAST_WRITE);
    return STATUS_SUCCESS;
}

static uint32_t set_end(struct open *open, csign_bytes data, bool allocation)
{
    uint64_t size = load_le64(data.data);
    if (node_is_directory(open->node) || size > INT64_MAX)
        return STATUS_INVALID_PARAMETER;
    if (!(open->access & WRITE_DATA))
        return STATUS_ACCESS_DENIED;
    oplock_break_level_ii(open);
    if (allocation && size > MAX_FILE)
        return STATUS_DISK_FULL;
    node_reserve(open->node, allocation ? size : 0);
    if (allocation && size >= open->node->size)
        return STATUS_SUCCESS;
    return set_size(open, size);
}

static uint32_t set_file(struct open *open, uint8_t class, csign_bytes data)
{
    static const struct {
        uint8_t class, least;
    } SIZES[] = {{BASIC, 40}, {RENAME, 20},    {DISPOSITION, 1}, {POSITION, 8},
                 {MODE, 4},   {ALLOCATION, 8}, {END_OF_FILE, 8}};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
        if (SIZES[i].class == class && data.len < SIZES[i].least)
            return STATUS_INFO_LENGTH_MISMATCH;
    switch (class) {
    case BASIC:
        return set_basic(open, data);
    case RENAME:
        return rename_open(open, data);
    case DISPOSITION:
        return set_disposition(open, data);
    case POSITION:
        open->position = load_le64(data.data);
        return STATUS_SUCCESS;
    case MODE:
        open->mode = load_le32(data.data);
        return STATUS_SUCCESS;
    case ALLOCATION:
        return set_end(open, data, true);
    case END_OF_FILE:
        return set_end(open, data, false);
    case LINK:
        return STATUS_NOT_SUPPORTED;
    case FULL_EA:
        return STATUS_EAS_NOT_SUPPORTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static uint32_t set_security(struct open *open, uint32_t wanted, csign_bytes data)
{
    if ((wanted & DACL_INFORMATION && !(open->access & WRITE_DAC)) ||
        (wanted & (OWNER_INFORMATION | GROUP_INFORMATION) && !(open->access & WRITE_OWNER)))
        return STATUS_ACCESS_DENIED;
    uint32_t status = security_set(open_share(open), open->node, data, wanted);
    if (!status)
        notify_change(open_share(open), open->node, NOTIFY_MODIFIED, FILTER_SECURITY);
    return status;
}

uint32_t serve_set_info(struct request *request)
{
    uint32_t status;
    csign_bytes data;
    size_t len = load_le32(request->body + 4);
    struct open *open = request_open(request, request->body + 16, &status);
    if (!open)
        return status;
    if (!request_affords(request, len) || !request_buffer(request, load_le16(request->body + 8), len, &data))
        return STATUS_INVALID_PARAMETER;
    if (request->body[2] == INFO_FILE)
        status = set_file(open, request->body[3], data);
    else if (request->body[2] == INFO_SECURITY)
        status = set_security(open, load_le32(request->body + 12), data);
    else
        status = STATUS_NOT_SUPPORTED; /* quotas and labels are fixed */
    if (status)
        return status;
    uint8_t *body = reply(request, 2);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le16(body, 2);
    return STATUS_SUCCESS;
}
