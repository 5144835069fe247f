/* SPDX-License-Identifier: Apache-2.0 */
/* LOCK (MS-SMB2 3.3.5.14). */
#include "connection.h"
#include "octets.h"
#include "oplock.h"
#include "range_lock.h"

#define LOCK_SHARED 1u
#define LOCK_EXCLUSIVE 2u
#define LOCK_UNLOCK 4u
#define LOCK_FAIL_IMMEDIATELY 0x10u
#define ELEMENT_LEN 24u

struct element {
    uint64_t offset, length;
    uint32_t flags;
};

static struct element element_at(csign_bytes list, size_t i)
{
    const uint8_t *p = list.data + i * ELEMENT_LEN;
    return (struct element){load_le64(p), load_le64(p + 8), load_le32(p + 16)};
}

static uint32_t unlock(struct open *open, csign_bytes list)
{
    size_t count = list.len / ELEMENT_LEN;
    uint32_t status = STATUS_SUCCESS;
    for (size_t i = 0; i < count && !status; i++) {
        struct element e = element_at(list, i);
        if (e.flags != LOCK_UNLOCK)
            status = STATUS_INVALID_PARAMETER;
        else if (!range_lock_remove(open, e.offset, e.length))
            status = STATUS_RANGE_NOT_LOCKED;
    }
    range_lock_retry(open->node);
    return status;
}

/* All or none. LOCK_NOT_GRANTED: another's lock stands against it. */
static uint32_t lock_all(struct open *open, csign_bytes list)
{
    size_t count = list.len / ELEMENT_LEN;
    for (size_t i = 0; i < count; i++) {
        struct element e = element_at(list, i);
        uint32_t status = range_lock_add(open, e.offset, e.length, e.flags & LOCK_EXCLUSIVE);
        if (status) {
            while (i--)
                range_lock_remove(open, element_at(list, i).offset, element_at(list, i).length);
            return status;
        }
    }
    return STATUS_SUCCESS;
}

/* Of several locks each must fail at once rather than wait. */
static uint32_t check(csign_bytes list)
{
    size_t count = list.len / ELEMENT_LEN;
    for (size_t i = 0; i < count; i++) {
        struct element e = element_at(list, i);
        uint32_t kind = e.flags & ~LOCK_FAIL_IMMEDIATELY;
        if ((kind != LOCK_SHARED && kind != LOCK_EXCLUSIVE) || (count > 1 && !(e.flags & LOCK_FAIL_IMMEDIATELY)))
            return STATUS_INVALID_PARAMETER;
        if (e.length && e.offset + e.length - 1 < e.offset)
            return STATUS_INVALID_LOCK_RANGE;
    }
    return STATUS_SUCCESS;
}

static bool list_of(const struct request *request, csign_bytes *list)
{
    size_t len = (size_t)load_le16(request->body + 2) * ELEMENT_LEN;
    *list = (csign_bytes){request->body + 24, len};
    return len && len <= request->element.len - CSIGN_HEADER_LEN - 24;
}

static void forget(struct request *request)
{
    struct open *open = request->data;
    DL_DELETE(open->node->locks, request);
}

/* 3.3.5.14: a client that lost a channel sends its LOCK again, and must not lock or unlock twice. NULL: this one is not numbered. */
static uint8_t *sequence_of(const struct request *request, struct open *open, uint8_t *number)
{
    uint32_t sequence = load_le32(request->body + 4), index = sequence >> 4;
    *number = (uint8_t)((sequence & 15) + 1);
    return request->connection->chosen.dialect >= CSIGN_SMB_3_0 && index && index <= 64 ? &open->lock_sequence[index]
                                                                                        : NULL;
}

static uint32_t remember(const struct request *request, struct open *open, uint32_t status)
{
    uint8_t number, *sequence = sequence_of(request, open, &number);
    if (sequence && !status)
        *sequence = number;
    return status;
}

uint32_t serve_lock(struct request *request)
{
    uint32_t status;
    csign_bytes list;
    struct open *open = request_open(request, request->body + 8, &status);
    if (!open)
        return status;
    if (!list_of(request, &list))
        return STATUS_INVALID_PARAMETER;
    uint8_t number, *sequence = sequence_of(request, open, &number);
    if (sequence && *sequence == number)
        return STATUS_SUCCESS;
    if (sequence)
        *sequence = 0;
    if (node_is_directory(open->node))
        return STATUS_INVALID_DEVICE_REQUEST;
    if (!(open->access & (READ_DATA | EXECUTE | WRITE_DATA | APPEND_DATA)))
        return STATUS_ACCESS_DENIED;
    uint32_t first = element_at(list, 0).flags;
    if (first & LOCK_UNLOCK)
        return remember(request, open, unlock(open, list));
    status = check(list);
    if (status)
        return status;
    oplock_break_level_ii(open);
    status = lock_all(open, list);
    if (status != STATUS_LOCK_NOT_GRANTED || first & LOCK_FAIL_IMMEDIATELY)
        return remember(request, open, status);
    if (!request_defer(request, forget, open))
        return STATUS_INSUFFICIENT_RESOURCES;
    DL_APPEND(open->node->locks, request);
    return STATUS_PENDING;
}

void range_lock_retry(struct node *node)
{
    struct request *request, *next;
    DL_FOREACH_SAFE(node->locks, request, next)
    {
        csign_bytes list;
        list_of(request, &list); /* it was when the request came */
        uint32_t status = lock_all(request->data, list);
        if (status != STATUS_LOCK_NOT_GRANTED) {
            forget(request);
            request_complete(request, remember(request, request->data, status));
        }
    }
}
