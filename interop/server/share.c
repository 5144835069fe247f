/* SPDX-License-Identifier: Apache-2.0 */
#include "share.h"

#include <stdlib.h>
#include <string.h>

#include "octets.h"
#include "open.h"
#include "security.h"
#include "server.h"

/* What a node costs besides its contents: the longest name, twice, and the hash table of a directory. */
#define NODE_COST (sizeof(struct node) + 2 * MAX_NAME + 1024)

static void stamp(struct node *node, struct share *share)
{
    node->id = ++share->last_id;
    node->created = node->accessed = node->written = node->changed = now_filetime();
}

struct share *share_new(void)
{
    struct share *share = calloc(1, sizeof *share);
    if (share) {
        share->root.attributes = ATTRIBUTE_DIRECTORY;
        stamp(&share->root, share);
    }
    return share;
}

/* Depth first, without recursion: a directory goes when its last child has gone. */
void share_free(struct share *share)
{
    struct node *node = &share->root;
    while (share->root.children) {
        while (node->children)
            node = node->children;
        struct node *parent = node->parent;
        share_unlink(node);
        share_forget(share, node);
        node = parent;
    }
    security_forget(share, &share->root);
    free(share);
}

static struct node *child(const struct node *directory, csign_bytes name)
{
    uint8_t key[MAX_NAME];
    struct node *found;
    name_fold(key, name);
    HASH_FIND(hh, directory->children, key, name.len, found);
    return found;
}

uint32_t share_lookup(struct share *share, csign_bytes path, struct lookup *out)
{
    *out = (struct lookup){.node = &share->root};
    if (path.len % 2)
        return STATUS_OBJECT_NAME_INVALID;
    bool missing = false;
    size_t depth = 0;
    for (size_t start = 0; start < path.len;) {
        size_t end = start;
        while (end < path.len && load_le16(path.data + end) != '\\')
            end += 2;
        csign_bytes leaf = {path.data + start, end - start};
        start = end + 2;
        if (!leaf.len)
            continue;
        if (name_is(leaf, "..")) {
            struct node *up = out->node ? out->node->parent : out->parent;
            if (!up)
                return STATUS_OBJECT_PATH_SYNTAX_BAD; /* out of the share */
            *out = (struct lookup){up->parent, up, node_name(up)};
            continue;
        }
        if (!name_valid(leaf) || ++depth > MAX_DEPTH)
            return STATUS_OBJECT_NAME_INVALID;
        if (missing)
            continue; /* a bad name further on goes before a missing directory */
        if (!out->node || !node_is_directory(out->node)) {
            missing = true;
            continue;
        }
        *out = (struct lookup){out->node, child(out->node, leaf), leaf};
    }
    return missing ? STATUS_OBJECT_PATH_NOT_FOUND : STATUS_SUCCESS;
}

static bool set_name(struct node *node, csign_bytes name)
{
    uint8_t *copy = malloc(2 * name.len);
    if (!copy)
        return false;
    memcpy(copy, name.data, name.len); /* name may be the old one */
    name_fold(copy + name.len, name);
    free(node->name);
    node->name = copy;
    node->key = copy + name.len;
    node->name_len = name.len;
    return true;
}

static void link_into(struct node *node, struct node *parent)
{
    node->parent = parent;
    HASH_ADD_KEYPTR(hh, parent->children, node->key, node->name_len, node);
    parent->written = parent->changed = now_filetime();
}

struct node *share_create(struct share *share, struct node *parent, csign_bytes leaf, uint32_t attributes)
{
    if (share->used + NODE_COST > MAX_SHARE)
        return NULL;
    struct node *node = calloc(1, sizeof *node);
    if (!node || !set_name(node, leaf)) {
        free(node);
        return NULL;
    }
    share->used += NODE_COST;
    node->attributes = attributes;
    stamp(node, share);
    link_into(node, parent);
    return node;
}

void share_unlink(struct node *node)
{
    struct node *parent = node->parent;
    struct open *open;
    DL_FOREACH2(parent->opens, open, node_next)
    {
        if (open->enumerated == node)
            open->enumerated = node->hh.prev;
    }
    HASH_DEL(parent->children, node);
    parent->written = parent->changed = now_filetime();
    node->parent = NULL;
}

void share_forget(struct share *share, struct node *node)
{
    security_forget(share, node);
    share->used -= NODE_COST + node->capacity;
    free(node->data);
    free(node->name);
    free(node);
}

static size_t height(const struct node *node)
{
    size_t most = 0;
    for (const struct node *at = node->children; at; at = at->hh.next) {
        size_t below = height(at);
        if (below > most)
            most = below;
    }
    return most + 1;
}

static size_t depth_of(const struct node *node)
{
    size_t depth = 0;
    for (; node->parent; node = node->parent)
        depth++;
    return depth;
}

uint32_t share_rename(struct node *node, struct node *parent, csign_bytes leaf)
{
    if (node_is_under(parent, node))
        return STATUS_ACCESS_DENIED;
    if (depth_of(parent) + height(node) > MAX_DEPTH)
        return STATUS_OBJECT_NAME_INVALID;
    share_unlink(node);
    struct node *old = parent; /* linked again in either case: a name is never lost for want of memory */
    bool named = set_name(node, leaf);
    link_into(node, old);
    node->changed = now_filetime();
    return named ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

bool share_resize(struct share *share, struct node *node, uint64_t size)
{
    if (size > MAX_FILE)
        return false;
    if (size > node->capacity || size < node->capacity / 4) {
        /* Twice as much as before, so that appending does not copy again and again. */
        size_t most = MAX_SHARE - (share->used - node->capacity);
        size_t capacity = ((size_t)size + CLUSTER - 1) & ~(size_t)(CLUSTER - 1);
        if (capacity > most)
            return false;
        if (size > node->capacity && 2 * node->capacity > capacity && 2 * node->capacity <= most &&
            2 * node->capacity <= MAX_FILE)
            capacity = 2 * node->capacity;
        uint8_t *data = capacity ? calloc(1, capacity) : NULL;
        if (capacity && !data)
            return false;
        size_t kept = node->extent < size ? node->extent : (size_t)size;
        if (data && kept)
            memcpy(data, node->data, kept);
        free(node->data);
        node->extent = kept;
        share->used = share->used - node->capacity + capacity;
        node->data = data;
        node->capacity = capacity;
    }
    if (size < node->extent) {
        memset(node->data + size, 0, node->extent - (size_t)size);
        node->extent = (size_t)size;
    }
    node->size = (size_t)size;
    return true;
}

void share_write(struct node *node, size_t offset, csign_bytes data)
{
    memcpy(node->data + offset, data.data, data.len);
    if (node->extent < offset + data.len)
        node->extent = offset + data.len;
}

uint32_t node_attributes(const struct node *node)
{
    return node->attributes ? node->attributes : ATTRIBUTE_NORMAL;
}

uint64_t node_allocation(const struct node *node)
{
    uint64_t size = node->size > node->reserved ? node->size : node->reserved;
    return (size + CLUSTER - 1) & ~(uint64_t)(CLUSTER - 1);
}

void node_reserve(struct node *node, uint64_t size)
{
    node->reserved = node_is_directory(node) || size > MAX_FILE ? 0 : size;
}

bool node_is_directory(const struct node *node)
{
    return node->attributes & ATTRIBUTE_DIRECTORY;
}

csign_bytes node_name(const struct node *node)
{
    return (csign_bytes){node->name, node->name_len};
}

size_t node_path(const struct node *node, const struct node *base, uint8_t *out, size_t size)
{
    size_t len = 0;
    for (const struct node *at = node; at && at != base && at->name; at = at->parent)
        len += 2 + at->name_len;
    size_t end = len;
    for (const struct node *at = node; at && at != base && at->name; at = at->parent) {
        end -= 2 + at->name_len;
        for (size_t i = 0; i < 2 + at->name_len && end + i < size; i++)
            out[end + i] = i == 0 ? '\\' : i == 1 ? 0 : at->name[i - 2];
    }
    return len;
}

bool node_is_under(const struct node *node, const struct node *directory)
{
    for (; node; node = node->parent)
        if (node == directory)
            return true;
    return false;
}

void node_touch(struct node *node)
{
    node->written = node->changed = now_filetime();
    if (!node_is_directory(node))
        node->attributes |= ATTRIBUTE_ARCHIVE;
}
