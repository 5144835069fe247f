/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE (MS-SMB2 3.3.5.9, MS-FSA 2.1.5.1). A CREATE that has to wait until an oplock is broken is tried again from the start. */
#include <string.h>

#include "chain.h"
#include "create_context.h"
#include "info.h"
#include "notify.h"
#include "octets.h"
#include "oplock.h"
#include "security.h"
#include "session.h"
#include "tree.h"

enum disposition { SUPERSEDE, OPEN, CREATE, OPEN_IF, OVERWRITE, OVERWRITE_IF };
enum action { SUPERSEDED, OPENED, CREATED, OVERWRITTEN };

#define DIRECTORY_FILE 0x01u
#define NON_DIRECTORY_FILE 0x40u
#define DELETE_ON_CLOSE 0x1000u
#define OPTIONS_REFUSED 0x00102080u /* by tree connection, by id, with an oplock filter */
#define OPTIONS_INVALID 0xFF000000u
#define ATTRIBUTES_INVALID 0xFFFF8048u
#define ACCESS_INVALID 0x0CE0FE00u
#define ACCESS_SYSTEM_SECURITY 0x01000000u
#define MAXIMUM_ALLOWED 0x02000000u
#define MODE_KEPT 0x3Eu /* FileModeInformation, MS-FSCC 2.4.31 */

struct wish {
    uint32_t access, attributes, share_access, disposition, options;
    uint8_t oplock;
    csign_bytes path;
    struct create_contexts contexts;
};

static uint32_t read_wish(const struct request *request, struct wish *wish)
{
    const uint8_t *body = request->body;
    csign_bytes contexts;
    *wish = (struct wish){.oplock = body[3],
                          .access = load_le32(body + 24),
                          .attributes = load_le32(body + 28),
                          .share_access = load_le32(body + 32),
                          .disposition = load_le32(body + 36),
                          .options = load_le32(body + 40)};
    if (load_le32(body + 4) > 3)
        return STATUS_BAD_IMPERSONATION_LEVEL;
    if (!request_buffer(request, load_le16(body + 44), load_le16(body + 46), &wish->path) ||
        !request_buffer(request, load_le32(body + 48), load_le32(body + 52), &contexts))
        return STATUS_INVALID_PARAMETER;
    if (wish->path.len >= 2 && load_le16(wish->path.data) == '\\')
        return STATUS_INVALID_PARAMETER;
    if (wish->disposition > OVERWRITE_IF || wish->share_access > 7 || wish->options & OPTIONS_INVALID)
        return STATUS_INVALID_PARAMETER;
    if (wish->options & OPTIONS_REFUSED)
        return STATUS_NOT_SUPPORTED;
    if (!wish->access || wish->access & ACCESS_INVALID)
        return STATUS_ACCESS_DENIED;
    if (wish->access & ACCESS_SYSTEM_SECURITY)
        return STATUS_PRIVILEGE_NOT_HELD;
    if (wish->attributes & ATTRIBUTES_INVALID)
        return STATUS_INVALID_PARAMETER;
    wish->access = map_access(wish->access);
    if (wish->options & DIRECTORY_FILE &&
        (wish->options & NON_DIRECTORY_FILE || wish->disposition == SUPERSEDE || wish->disposition >= OVERWRITE))
        return STATUS_INVALID_PARAMETER;
    if (wish->options & DELETE_ON_CLOSE && !(wish->access & (DELETE | MAXIMUM_ALLOWED)))
        return STATUS_INVALID_PARAMETER;
    return create_contexts_parse(contexts, &wish->contexts);
}

static bool replaces(const struct wish *wish)
{
    return wish->disposition == SUPERSEDE || wish->disposition >= OVERWRITE;
}

/* "name::$DATA" is the file itself; there are no other streams. */
static csign_bytes without_stream(csign_bytes path)
{
    static const char SUFFIX[] = "::$DATA";
    const size_t len = 2 * (sizeof SUFFIX - 1);
    if (path.len > len) {
        uint8_t folded[2 * (sizeof SUFFIX - 1)];
        name_fold(folded, (csign_bytes){path.data + path.len - len, len});
        if (name_is((csign_bytes){folded, len}, SUFFIX))
            path.len -= len;
    }
    return path;
}

static uint32_t most_access(const struct node *node)
{
    uint32_t access = security_allows(node);
    if (node->attributes & ATTRIBUTE_READONLY && !node_is_directory(node))
        access &= ~(WRITE_DATA | APPEND_DATA);
    return access;
}

/* What speaks against opening a node that is there. */
static uint32_t check_existing(const struct wish *wish, const struct node *node)
{
    bool directory = node_is_directory(node);
    if (node->delete_pending)
        return STATUS_DELETE_PENDING;
    if (wish->disposition == CREATE)
        return STATUS_OBJECT_NAME_COLLISION;
    if (directory && wish->options & NON_DIRECTORY_FILE)
        return STATUS_FILE_IS_A_DIRECTORY;
    if (!directory && wish->options & DIRECTORY_FILE)
        return STATUS_NOT_A_DIRECTORY;
    if (directory && replaces(wish))
        return STATUS_INVALID_PARAMETER;
    if ((wish->access | (replaces(wish) ? WRITE_DATA : 0)) & ~MAXIMUM_ALLOWED & ~most_access(node))
        return STATUS_ACCESS_DENIED;
    /* Hidden and system files are replaced only by somebody who knows that they are. */
    if (replaces(wish) && node->attributes & ~wish->attributes & (ATTRIBUTE_HIDDEN | ATTRIBUTE_SYSTEM))
        return STATUS_ACCESS_DENIED;
    if (wish->options & DELETE_ON_CLOSE && node->attributes & ATTRIBUTE_READONLY)
        return STATUS_CANNOT_DELETE;
    if (wish->options & DELETE_ON_CLOSE && !node->name)
        return STATUS_ACCESS_DENIED;
    return STATUS_SUCCESS;
}

/* A batch oplock is broken before share modes are compared, as its holder may keep a file open that nobody uses any more; an exclusive
   one only if they agree. Attributes alone disturb nobody. PENDING: to be waited for. */
static uint32_t make_room(const struct wish *wish, struct node *node)
{
    uint32_t access = wish->access | (replaces(wish) ? WRITE_DATA : 0);
    uint8_t level = (uint8_t)(replaces(wish) ? OPLOCK_NONE : OPLOCK_II);
    bool disturbs = access & ~(READ_ATTRIBUTES | WRITE_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE);
    if (disturbs && oplock_break_for(node, NULL, true, level))
        return STATUS_PENDING;
    if (share_mode_conflicts(node, access, wish->share_access))
        return STATUS_SHARING_VIOLATION;
    if (disturbs && oplock_break_for(node, NULL, false, level))
        return STATUS_PENDING;
    if (replaces(wish))
        oplock_break_all_ii(node, NULL);
    return STATUS_SUCCESS;
}

static uint32_t open_existing(struct request *request, struct wish *wish, struct node *node, enum action *action)
{
    if (wish->access & MAXIMUM_ALLOWED)
        wish->access |= most_access(node);
    uint32_t status = check_existing(wish, node);
    if (!status)
        status = make_room(wish, node);
    if (status)
        return status;
    *action = OPENED;
    if (replaces(wish)) {
        *action = wish->disposition == SUPERSEDE ? SUPERSEDED : OVERWRITTEN;
        share_resize(request->server->share, node, 0);
        node->attributes = (wish->attributes & ATTRIBUTES_KEPT) | ATTRIBUTE_ARCHIVE;
        node_touch(node);
        notify_change(request->server->share, node, NOTIFY_MODIFIED,
                      FILTER_SIZE | FILTER_LAST_WRITE | FILTER_ATTRIBUTES);
    }
    return STATUS_SUCCESS;
}

static uint32_t make_new(struct request *request, struct wish *wish, struct lookup *found, enum action *action)
{
    struct share *share = request->server->share;
    bool directory = wish->options & DIRECTORY_FILE;
    uint32_t attributes = (wish->attributes & ATTRIBUTES_KEPT) | (directory ? ATTRIBUTE_DIRECTORY : ATTRIBUTE_ARCHIVE);
    if (wish->disposition == OPEN || wish->disposition == OVERWRITE)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (found->parent->delete_pending)
        return STATUS_DELETE_PENDING;
    if (wish->options & DELETE_ON_CLOSE && attributes & ATTRIBUTE_READONLY)
        return STATUS_CANNOT_DELETE;
    if (wish->access & MAXIMUM_ALLOWED)
        wish->access |= ALL_ACCESS;
    found->node = share_create(share, found->parent, found->leaf, attributes);
    if (!found->node)
        return STATUS_DISK_FULL;
    if (wish->contexts.security.len) {
        uint32_t status =
            security_set(share, found->node, wish->contexts.security, security_parts(wish->contexts.security));
        if (status) {
            share_unlink(found->node);
            share_forget(share, found->node);
            return status;
        }
    }
    *action = CREATED;
    notify_change(share, found->node, NOTIFY_ADDED, directory ? FILTER_DIR_NAME : FILTER_FILE_NAME);
    return STATUS_SUCCESS;
}

static uint32_t answer(struct request *request, const struct wish *wish, struct node *node, enum action action)
{
    uint32_t maximal = action == CREATED ? ALL_ACCESS : most_access(node);
    size_t contexts = create_contexts_len(&wish->contexts);
    uint8_t *body = reply(request, 88 + contexts);
    struct open *open = body ? open_new(request, node, wish->access & ~MAXIMUM_ALLOWED, wish->share_access) : NULL;
    if (!open) /* too many, or no memory */
        return STATUS_INSUFFICIENT_RESOURCES;
    open->mode = wish->options & MODE_KEPT;
    open->delete_on_close = wish->options & DELETE_ON_CLOSE;
    oplock_grant(open, wish->oplock);
    struct chain *chain = request->chain;
    memcpy(chain->file_id, open->id, sizeof open->id);
    chain->has_file_id = true;
    store_le16(body, 89);
    body[2] = open->oplock;
    store_le32(body + 4, action);
    info_times(body + 8, node);
    info_sizes(body + 40, node);
    store_le32(body + 56, node_attributes(node));
    memcpy(body + 64, open->id, sizeof open->id);
    if (contexts) {
        store_le32(body + 80, CSIGN_HEADER_LEN + 88);
        store_le32(body + 84, (uint32_t)contexts);
        create_contexts_lay(body + 88, &wish->contexts, node, maximal);
    }
    return STATUS_SUCCESS;
}

/* *wait: the node whose oplock is in the way, with PENDING. */
static uint32_t attempt(struct request *request, struct node **wait)
{
    struct wish wish;
    struct lookup found;
    enum action action;
    if (request->session->open_count >= MAX_OPENS)
        return STATUS_INSUFFICIENT_RESOURCES;
    uint32_t status = read_wish(request, &wish);
    if (!status)
        status = share_lookup(request->server->share, without_stream(wish.path), &found);
    if (status)
        return status;
    *wait = found.node;
    status =
        found.node ? open_existing(request, &wish, found.node, &action) : make_new(request, &wish, &found, &action);
    if (!status && action != OPENED)
        node_reserve(found.node, wish.contexts.allocation);
    return status ? status : answer(request, &wish, found.node, action);
}

static void forget(struct request *request)
{
    struct node *node = request->data;
    DL_DELETE(node->creates, request);
}

uint32_t serve_create(struct request *request)
{
    struct node *wait;
    request->chain->has_file_id = false;
    if (request->tree->pipe)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    uint32_t status = attempt(request, &wait);
    if (status != STATUS_PENDING)
        return status;
    if (!request_defer(request, forget, wait))
        return STATUS_INSUFFICIENT_RESOURCES;
    DL_APPEND(wait->creates, request);
    return STATUS_PENDING;
}

void create_retry(struct node *node)
{
    /* Those that go on waiting are put behind the last, and wait for the next time. */
    struct request *next, *last = node->creates ? node->creates->prev : NULL;
    bool done = !last;
    for (struct request *request = node->creates; !done; request = next) {
        struct node *wait = NULL;
        next = request->next;
        done = request == last;
        forget(request);
        /* Its tree connect may have gone while it waited. */
        bool connected = tree_find(request->session, request->header.tree_id) == request->tree;
        uint32_t status = connected ? attempt(request, &wait) : STATUS_NETWORK_NAME_DELETED;
        if (status == STATUS_PENDING && wait) {
            request->data = wait;
            DL_APPEND(wait->creates, request);
        } else {
            request_complete(request, status);
        }
    }
}
