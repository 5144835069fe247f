/* SPDX-License-Identifier: Apache-2.0 */
/* The share: a tree of files and directories in memory, as an object store of MS-FSA 2.1.1. It is empty at the start and gone at the
   end, and holds no more than MAX_SHARE bytes whatever the clients do. */
#ifndef SERVER_SHARE_H
#define SERVER_SHARE_H

#include <uthash.h>

#include <countersign/bytes.h>

#include "name.h"
#include "ntstatus.h"

#define MAX_SHARE (256u * 1024 * 1024)
#define MAX_FILE (64u * 1024 * 1024)
#define MAX_DEPTH 64u /* of directories: whatever walks up or down ends soon */
#define CLUSTER 4096u

/* MS-FSCC 2.6. */
#define ATTRIBUTE_READONLY 0x01u
#define ATTRIBUTE_HIDDEN 0x02u
#define ATTRIBUTE_SYSTEM 0x04u
#define ATTRIBUTE_DIRECTORY 0x10u
#define ATTRIBUTE_ARCHIVE 0x20u
#define ATTRIBUTE_NORMAL 0x80u
#define ATTRIBUTE_TEMPORARY 0x100u
#define ATTRIBUTES_KEPT 0x3127u /* what clients may set: the above, OFFLINE and NOT_CONTENT_INDEXED */

struct open;
struct request;

struct node {
    struct node *parent;   /* NULL: the root, or no longer in the tree */
    struct node *children; /* by key, in the order in which they came */
    uint8_t *name, *key;   /* key: folded; one allocation */
    size_t name_len;       /* bytes, of either */
    bool delete_pending;
    uint32_t attributes; /* as asked for; node_attributes gives what clients see */
    uint64_t id;
    uint64_t created, accessed, written, changed; /* FILETIME */
    uint8_t *data;
    size_t size, capacity;
    size_t extent;     /* from here on data is zero: a file that only became long costs no time */
    uint64_t reserved; /* allocation that was asked for: only a number, memory is taken when something is written */
    uint8_t *security; /* security.h; NULL: as it is by default */
    size_t security_len;
    struct open *opens;      /* DL list by node_prev, node_next */
    struct request *creates; /* DL list: CREATEs that wait for an oplock to break */
    struct request *locks;   /* DL list: LOCKs that wait for a range */
    UT_hash_handle hh;
};

struct share {
    struct node root;
    struct open *opens; /* by id, uthash */
    size_t used;
    uint64_t last_id;
    uint64_t last_open;
};

/* A path that was looked up: the parent exists, the node may not. The root has no parent. */
struct lookup {
    struct node *parent, *node;
    csign_bytes leaf;
};

struct share *share_new(void);
void share_free(struct share *share);
/* share_lookup: OBJECT_NAME_INVALID, OBJECT_PATH_NOT_FOUND, or success. path has no leading backslash. */
uint32_t share_lookup(struct share *share, csign_bytes path, struct lookup *out);
/* share_create: NULL when the share is full. */
struct node *share_create(struct share *share, struct node *parent, csign_bytes leaf, uint32_t attributes);
uint32_t share_rename(struct node *node, struct node *parent, csign_bytes leaf);
/* share_unlink takes node out of its directory. share_forget frees it. */
void share_unlink(struct node *node);
void share_forget(struct share *share, struct node *node);
/* share_resize: new bytes are zero. false: DISK_FULL. */
bool share_resize(struct share *share, struct node *node, uint64_t size);
/* share_write: within node's size. */
void share_write(struct node *node, size_t offset, csign_bytes data);

uint32_t node_attributes(const struct node *node);
uint64_t node_allocation(const struct node *node);
void node_reserve(struct node *node, uint64_t size);
bool node_is_directory(const struct node *node);
csign_bytes node_name(const struct node *node);
/* node_path writes the path with a leading backslash, as many bytes as fit, and returns how many it is in all. base is where it starts. */
size_t node_path(const struct node *node, const struct node *base, uint8_t *out, size_t size);
bool node_is_under(const struct node *node, const struct node *directory);
/* node_touch: contents were written. */
void node_touch(struct node *node);

#endif
