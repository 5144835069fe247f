/* SPDX-License-Identifier: Apache-2.0 */
#include "notify.h"

#include <stdlib.h>
#include <string.h>

#include "octets.h"

#define FIXED 12u /* NextEntryOffset, Action, FileNameLength */

static void clear(struct share *share, struct watch *watch)
{
    share->used -= watch->capacity;
    free(watch->events);
    watch->events = NULL;
    watch->len = watch->capacity = watch->last = 0;
}

static bool room(struct share *share, struct watch *watch, size_t len)
{
    if (len > watch->most || len > MAX_EVENTS)
        return false;
    if (len <= watch->capacity)
        return true;
    size_t capacity = len + 512;
    uint8_t *events = share->used + capacity - watch->capacity > MAX_SHARE ? NULL : realloc(watch->events, capacity);
    if (!events)
        return false;
    share->used += capacity - watch->capacity;
    watch->events = events;
    watch->capacity = capacity;
    return true;
}

static void gather(struct share *share, const struct open *open, const struct node *node, uint32_t action)
{
    struct watch *watch = open->watch;
    if (watch->overflowed)
        return;
    size_t path = node_path(node, open->node, NULL, 0); /* with a backslash in front, which is left out */
    size_t start = (watch->len + 3) & ~(size_t)3;
    if (!room(share, watch, start + FIXED + path)) {
        clear(share, watch);
        watch->overflowed = true;
        return;
    }
    uint8_t *entry = watch->events + start;
    memset(watch->events + watch->len, 0, start - watch->len);
    if (watch->len)
        store_le32(watch->events + watch->last, (uint32_t)(start - watch->last));
    node_path(node, open->node, entry + FIXED - 2, path); /* the backslash falls on FileNameLength's upper half */
    store_le32(entry, 0);
    store_le32(entry + 4, action);
    store_le32(entry + 8, (uint32_t)(path - 2));
    watch->last = start;
    watch->len = start + FIXED + path - 2;
}

static void flush(struct open *open)
{
    struct watch *watch = open->watch;
    struct request *request = watch->requests;
    if (!request || (!watch->len && !watch->overflowed))
        return;
    DL_DELETE(watch->requests, request);
    request_complete(request, watch_answer(request, open));
}

static void tell(struct share *share, const struct node *node, uint32_t action, uint32_t filter, uint32_t except)
{
    for (const struct node *directory = node->parent; directory; directory = directory->parent) {
        struct open *open;
        DL_FOREACH2(directory->opens, open, node_next)
        {
            if (!open->watch || !(open->watch->filter & filter) || open->watch->filter & except ||
                (directory != node->parent && !open->watch->tree))
                continue;
            gather(share, open, node, action);
            if (action != NOTIFY_RENAMED_OLD)
                flush(open);
        }
    }
}

void notify_change(struct share *share, const struct node *node, uint32_t action, uint32_t filter)
{
    tell(share, node, action, filter, 0);
}

void notify_moved(struct share *share, const struct node *node)
{
    tell(share, node, NOTIFY_MODIFIED, FILTER_ATTRIBUTES | FILTER_CREATION, FILTER_FILE_NAME);
}

uint32_t watch_answer(struct request *request, struct open *open)
{
    struct watch *watch = open->watch;
    size_t most = load_le32(request->body + 4);
    bool fits = !watch->overflowed && watch->len <= most;
    uint8_t *body = reply(request, fits ? 8 + watch->len : 9);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le16(body, 9);
    if (fits) {
        store_le16(body + 2, CSIGN_HEADER_LEN + 8);
        store_le32(body + 4, (uint32_t)watch->len);
        memcpy(body + 8, watch->events, watch->len);
    }
    clear(open_share(open), watch);
    watch->overflowed = false;
    return fits ? STATUS_SUCCESS : STATUS_NOTIFY_ENUM_DIR;
}

static void answer_all(struct watch *watch, uint32_t status)
{
    while (watch->requests)
        request_abandon(watch->requests, status);
}

void watch_deleted(struct node *directory)
{
    struct open *open;
    DL_FOREACH2(directory->opens, open, node_next)
    {
        if (open->watch)
            answer_all(open->watch, STATUS_DELETE_PENDING);
    }
}

void watch_end(struct open *open)
{
    struct watch *watch = open->watch;
    if (!watch)
        return;
    answer_all(watch, STATUS_NOTIFY_CLEANUP);
    clear(open_share(open), watch);
    free(watch);
    open->watch = NULL;
}
