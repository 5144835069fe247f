/* SPDX-License-Identifier: Apache-2.0 */
/* TREE_CONNECT (MS-SMB2 3.3.5.7): the one share, and IPC$, which clients connect to before they ask for more. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "octets.h"
#include "request.h"
#include "session.h"
#include "tree.h"

#define MAX_TREES 256
#define SHARE_DISK 1
#define SHARE_PIPE 2
#define SHARE_FLAG_NO_CACHING 0x30u
#define EVERYTHING 0x001F01FFu

/* The last component of \\server\share, UTF-16LE; names of shares here are ASCII. */
static void last_component(char *out, size_t size, csign_bytes path)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < path.len; i += 2) {
        char c = path.data[i + 1] || path.data[i] > 126 ? '?' : (char)path.data[i];
        if (c == '\\')
            n = 0;
        else if (n + 1 < size)
            out[n++] = c;
    }
    out[n] = 0;
}

static uint32_t refuse(const struct request *request, uint32_t status, const char *why, const char *share)
{
    log_refusal(request->connection, request->session, "MS-SMB2 3.3.5.7", status, "TREE_CONNECT: %s %s", why, share);
    return status;
}

uint32_t serve_tree_connect(struct request *request)
{
    struct session *session = request->session;
    csign_bytes path;
    if (!request_buffer(request, load_le16(request->body + 4), load_le16(request->body + 6), &path))
        return STATUS_INVALID_PARAMETER;
    char name[81];
    last_component(name, sizeof name, path);
    bool pipe = !strcasecmp(name, "IPC$");
    if (!pipe && strcasecmp(name, request->server->settings->share_name) != 0)
        return refuse(request, STATUS_BAD_NETWORK_NAME, "there is no such share:", name);
    if (!pipe && session->anonymous)
        return refuse(request, STATUS_ACCESS_DENIED, "anonymous, to", name);
    /* A guest has no key, so where signing is required nothing of a guest's is to be believed: CVE-2016-2114 and its kin. */
    if (!pipe && session->guest && request->server->settings->signing_required)
        return refuse(request, STATUS_ACCESS_DENIED, "a guest cannot sign, and signing is required: to", name);
    struct tree *tree = session->tree_count < MAX_TREES ? calloc(1, sizeof *tree) : NULL;
    uint8_t *body = tree ? reply(request, 16) : NULL;
    if (!body) {
        free(tree);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    tree->id = ++session->last_tree_id;
    tree->session = session;
    tree->pipe = pipe;
    DL_APPEND(session->trees, tree);
    session->tree_count++;
    request->header.tree_id = tree->id;
    store_le16(body, 16);
    body[2] = pipe ? SHARE_PIPE : SHARE_DISK;
    store_le32(body + 4, pipe ? SHARE_FLAG_NO_CACHING : 0);
    store_le32(body + 12, EVERYTHING);
    return STATUS_SUCCESS;
}
