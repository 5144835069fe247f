/* SPDX-License-Identifier: Apache-2.0 */
#include "create_context.h"

#include <string.h>

#include "info.h"
#include "octets.h"

#define FIXED 16u          /* Next, NameOffset, NameLength, Reserved, DataOffset, DataLength */
#define MAXIMAL_ACCESS 32u /* FIXED, name and padding, QueryStatus, MaximalAccess */
#define DISK_ID 56u        /* FIXED, name and padding, 32 bytes */

static uint32_t take(csign_bytes name, csign_bytes data, struct create_contexts *out)
{
    if (name.len != 4)
        return STATUS_SUCCESS;
    if (!memcmp(name.data, "MxAc", 4)) {
        if (data.len && data.len != 8)
            return STATUS_INVALID_PARAMETER;
        out->maximal_access = true;
        out->timestamp = data.len ? load_le64(data.data) : 0;
    } else if (!memcmp(name.data, "QFid", 4)) {
        out->disk_id = true;
    } else if (!memcmp(name.data, "AlSi", 4)) {
        if (data.len != 8)
            return STATUS_INVALID_PARAMETER;
        out->allocation = load_le64(data.data);
    } else if (!memcmp(name.data, "SecD", 4)) {
        out->security = data;
    } else if (!memcmp(name.data, "ExtA", 4)) {
        return STATUS_EAS_NOT_SUPPORTED;
    } else if (!memcmp(name.data, "TWrp", 4)) {
        return STATUS_OBJECT_NAME_NOT_FOUND; /* there are no snapshots */
    }
    return STATUS_SUCCESS;
}

/* A part of a context, which lies behind its fixed part. */
static bool part(csign_bytes context, size_t offset, size_t len, csign_bytes *out)
{
    *out = (csign_bytes){NULL, 0};
    if (!len)
        return true;
    if (offset < FIXED || offset > context.len || len > context.len - offset)
        return false;
    *out = (csign_bytes){context.data + offset, len};
    return true;
}

uint32_t create_contexts_parse(csign_bytes list, struct create_contexts *out)
{
    memset(out, 0, sizeof *out);
    while (list.len) {
        if (list.len < FIXED)
            return STATUS_INVALID_PARAMETER;
        size_t next = load_le32(list.data);
        if (next % 8 || next > list.len || (next && next < FIXED))
            return STATUS_INVALID_PARAMETER;
        csign_bytes context = {list.data, next ? next : list.len}, name, data;
        if (!part(context, load_le16(list.data + 4), load_le16(list.data + 6), &name) || name.len < 4 ||
            !part(context, load_le16(list.data + 10), load_le32(list.data + 12), &data))
            return STATUS_INVALID_PARAMETER;
        uint32_t status = take(name, data, out);
        if (status)
            return status;
        list = next ? (csign_bytes){list.data + next, list.len - next} : (csign_bytes){NULL, 0};
    }
    return STATUS_SUCCESS;
}

size_t create_contexts_len(const struct create_contexts *contexts)
{
    return (contexts->maximal_access ? MAXIMAL_ACCESS : 0) + (contexts->disk_id ? DISK_ID : 0);
}

static uint8_t *lay(uint8_t *out, const char *name, size_t data_len, bool last)
{
    store_le32(out, last ? 0 : (uint32_t)(24 + data_len));
    store_le16(out + 4, FIXED);
    store_le16(out + 6, 4);
    store_le16(out + 10, 24);
    store_le32(out + 12, (uint32_t)data_len);
    memcpy(out + FIXED, name, 4);
    return out + 24;
}

void create_contexts_lay(uint8_t *out, const struct create_contexts *contexts, const struct node *node,
                         uint32_t maximal)
{
    if (contexts->maximal_access) {
        uint8_t *data = lay(out, "MxAc", 8, !contexts->disk_id);
        /* 3.3.5.9.5: the client knows already. */
        if (contexts->timestamp && contexts->timestamp == node->written)
            store_le32(data, STATUS_NONE_MAPPED);
        else
            store_le32(data + 4, maximal);
        out += MAXIMAL_ACCESS;
    }
    if (contexts->disk_id) {
        uint8_t *data = lay(out, "QFid", 32, true);
        store_le64(data, node->id);
        store_le64(data + 8, VOLUME_SERIAL);
    }
}
