/* SPDX-License-Identifier: Apache-2.0 */
#include "open.h"

#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "notify.h"
#include "octets.h"
#include "oplock.h"
#include "range_lock.h"
#include "session.h"
#include "tree.h"

struct share *open_share(const struct open *open)
{
    return open->session->server->share;
}

struct open *open_new(struct request *request, struct node *node, uint32_t access, uint32_t share_access)
{
    struct session *session = request->session;
    struct share *share = request->server->share;
    struct open *open = session->open_count < MAX_OPENS ? calloc(1, sizeof *open) : NULL;
    if (!open)
        return NULL;
    store_le64(open->id, ++share->last_open);
    evutil_secure_rng_get_bytes(open->id + 8, 8);
    open->session = session;
    open->tree = request->tree;
    open->node = node;
    open->access = access;
    open->share_access = share_access;
    DL_APPEND(request->tree->opens, open);
    DL_APPEND2(node->opens, open, node_prev, node_next);
    HASH_ADD(hh, share->opens, id, sizeof open->id, open);
    session->open_count++;
    return open;
}

void open_end(struct open *open)
{
    struct node *node = open->node;
    struct share *share = open_share(open);
    watch_end(open);
    range_lock_end(open);
    oplock_end(open);
    DL_DELETE(open->tree->opens, open);
    DL_DELETE2(node->opens, open, node_prev, node_next);
    HASH_DEL(share->opens, open);
    open->session->open_count--;
    if (open->delete_on_close && !can_delete(node))
        node->delete_pending = true;
    if (node->delete_pending && node->parent) {
        if (node->opens) {
            watch_deleted(node);
        } else if (node->children) {
            node->delete_pending = false;
        } else {
            notify_change(share, node, NOTIFY_REMOVED, node_is_directory(node) ? FILTER_DIR_NAME : FILTER_FILE_NAME);
            share_unlink(node);
        }
    }
    free(open);
    range_lock_retry(node);
    create_retry(node);
    if (!node->parent && node->name && !node->opens && !node->creates)
        share_forget(share, node);
}

struct open *request_open(struct request *request, const uint8_t file_id[16], uint32_t *status)
{
    static const uint8_t ALL_ONES[16] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                         0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    struct chain *chain = request->chain;
    bool inherited = request->header.flags & CSIGN_FLAG_RELATED && !memcmp(file_id, ALL_ONES, 16);
    *status = STATUS_FILE_CLOSED;
    if (inherited && !chain->has_file_id) {
        /* The element that should have opened it failed: this one does for the same reason (3.3.5.2.7.2). */
        if (chain->status >= 0xC0000000u)
            *status = chain->status;
        return NULL;
    }
    const uint8_t *id = inherited ? chain->file_id : file_id;
    struct open *open;
    HASH_FIND(hh, request->server->share->opens, id, 16, open);
    if (!open || open->session != request->session || open->tree != request->tree)
        return NULL;
    memmove(chain->file_id, open->id, 16);
    chain->has_file_id = true;
    *status = STATUS_SUCCESS;
    return open;
}

/* One side's share mode must allow every kind of access of the other's. */
static bool allows(uint32_t share_access, uint32_t access)
{
    return !(access & (READ_DATA | EXECUTE) && !(share_access & SHARE_READ)) &&
           !(access & (WRITE_DATA | APPEND_DATA) && !(share_access & SHARE_WRITE)) &&
           !(access & DELETE && !(share_access & SHARE_DELETE));
}

bool share_mode_conflicts(const struct node *node, uint32_t access, uint32_t share_access)
{
    const uint32_t shared = READ_DATA | EXECUTE | WRITE_DATA | APPEND_DATA | DELETE;
    if (!(access & shared))
        return false; /* attributes alone */
    const struct open *other;
    DL_FOREACH2(node->opens, other, node_next)
    {
        if (other->access & shared && (!allows(other->share_access, access) || !allows(share_access, other->access)))
            return true;
    }
    return false;
}

uint32_t can_delete(const struct node *node)
{
    if (!node->name || node->attributes & ATTRIBUTE_READONLY)
        return STATUS_CANNOT_DELETE;
    return node->children ? STATUS_DIRECTORY_NOT_EMPTY : STATUS_SUCCESS;
}
