/* SPDX-License-Identifier: Apache-2.0 */
#include "range_lock.h"

#include <stdlib.h>

#include "session.h"

/* A range of no bytes lies between two: it meets what has bytes on both sides of it, and no other range without bytes. */
static bool overlap(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
    if (!a_len && !b_len)
        return false;
    if (!a_len)
        return a > b && a - b < b_len;
    if (!b_len)
        return b > a && b - a < a_len;
    return a <= b ? b - a < a_len : a - b < b_len;
}

bool range_lock_conflicts(const struct open *open, uint64_t offset, uint64_t length, bool writing)
{
    const struct open *other;
    DL_FOREACH2(open->node->opens, other, node_next)
    {
        const struct range_lock *lock;
        DL_FOREACH(other->locks, lock)
        {
            if (!overlap(offset, length, lock->offset, lock->length))
                continue;
            if (lock->exclusive ? other != open : writing)
                return true;
        }
    }
    return false;
}

uint32_t range_lock_add(struct open *open, uint64_t offset, uint64_t length, bool exclusive)
{
    const struct open *other;
    DL_FOREACH2(open->node->opens, other, node_next)
    {
        const struct range_lock *lock;
        DL_FOREACH(other->locks, lock)
        {
            /* Sharing what one holds exclusively oneself does no harm. */
            bool conflict = exclusive || (lock->exclusive && other != open);
            if (conflict && overlap(offset, length, lock->offset, lock->length))
                return STATUS_LOCK_NOT_GRANTED;
        }
    }
    bool room = open->lock_count < MAX_LOCKS && open->session->lock_count < MAX_SESSION_LOCKS;
    struct range_lock *lock = room ? calloc(1, sizeof *lock) : NULL;
    if (!lock)
        return STATUS_INSUFFICIENT_RESOURCES;
    *lock = (struct range_lock){.offset = offset, .length = length, .exclusive = exclusive};
    DL_APPEND(open->locks, lock);
    open->lock_count++;
    open->session->lock_count++;
    return STATUS_SUCCESS;
}

bool range_lock_remove(struct open *open, uint64_t offset, uint64_t length)
{
    struct range_lock *lock;
    DL_FOREACH(open->locks, lock)
    {
        if (lock->offset == offset && lock->length == length) {
            DL_DELETE(open->locks, lock);
            open->lock_count--;
            open->session->lock_count--;
            free(lock);
            return true;
        }
    }
    return false;
}

bool range_lock_any(const struct node *node)
{
    const struct open *open;
    DL_FOREACH2(node->opens, open, node_next)
    {
        if (open->locks)
            return true;
    }
    return false;
}

void range_lock_end(struct open *open)
{
    /* MS-SMB2 3.3.4.17 has RANGE_NOT_LOCKED for what was waiting. */
    struct request *request, *next;
    DL_FOREACH_SAFE(open->node->locks, request, next)
    {
        if (request->data == open)
            request_abandon(request, STATUS_RANGE_NOT_LOCKED);
    }
    while (open->locks)
        range_lock_remove(open, open->locks->offset, open->locks->length);
}
