/* SPDX-License-Identifier: Apache-2.0 */
#include "rename.h"

#include "notify.h"
#include "octets.h"
#include "session.h"

/* A directory stays where it is while something in it is open. */
static bool is_open_below(const struct share *share, const struct node *directory)
{
    for (const struct open *open = share->opens; open; open = open->hh.next)
        if (open->node != directory && node_is_under(open->node, directory))
            return true;
    return false;
}

/* Who holds a directory in order to delete it keeps others from putting things into it. */
static bool is_about_to_go(const struct node *directory)
{
    const struct open *open;
    DL_FOREACH2(directory->opens, open, node_next)
    {
        if (open->access & DELETE)
            return true;
    }
    return false;
}

static uint32_t replace(struct share *share, struct node *target)
{
    if (node_is_directory(target) || target->opens || target->attributes & ATTRIBUTE_READONLY)
        return STATUS_ACCESS_DENIED;
    notify_change(share, target, NOTIFY_REMOVED, FILTER_FILE_NAME);
    share_unlink(target);
    share_forget(share, target);
    return STATUS_SUCCESS;
}

uint32_t rename_open(struct open *open, csign_bytes data)
{
    struct share *share = open_share(open);
    struct node *node = open->node;
    size_t len = load_le32(data.data + 16);
    struct lookup found;
    if (!(open->access & DELETE) || !node->parent)
        return STATUS_ACCESS_DENIED;
    if (len > data.len - 20 || !len)
        return STATUS_INFO_LENGTH_MISMATCH;
    csign_bytes path = {data.data + 20, len};
    if (len >= 2 && load_le16(path.data) == '\\')
        path = (csign_bytes){path.data + 2, len - 2};
    uint32_t status = share_lookup(share, path, &found);
    if (status)
        return status;
    if (!found.parent)
        return STATUS_ACCESS_DENIED; /* onto the root */
    if (node_is_directory(node) && is_open_below(share, node))
        return STATUS_ACCESS_DENIED;
    if (is_about_to_go(found.parent))
        return STATUS_SHARING_VIOLATION;
    if (found.node && found.node != node) {
        status = data.data[0] ? replace(share, found.node) : STATUS_OBJECT_NAME_COLLISION;
        if (status)
            return status;
    }
    uint32_t filter = node_is_directory(node) ? FILTER_DIR_NAME : FILTER_FILE_NAME;
    bool moved = found.parent != node->parent;
    notify_change(share, node, moved ? NOTIFY_REMOVED : NOTIFY_RENAMED_OLD, filter);
    status = share_rename(node, found.parent, found.leaf);
    notify_change(share, node, moved ? NOTIFY_ADDED : NOTIFY_RENAMED_NEW, filter);
    if (!node_is_directory(node))
        notify_moved(share, node);
    return status;
}
