/* SPDX-License-Identifier: Apache-2.0 */
/* Tree connects (MS-SMB2 3.3.1.9): a share as one session sees it, and what it has open there. */
#ifndef SERVER_TREE_H
#define SERVER_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct open;
struct session;

struct tree {
    uint32_t id;
    struct session *session;
    bool pipe;          /* IPC$, on which nothing can be opened */
    struct open *opens; /* DL list of utlist, by prev and next of struct open */
    struct tree *prev, *next;
};

struct tree *tree_find(const struct session *session, uint32_t id);
/* tree_end closes what is open and frees the tree. */
void tree_end(struct tree *tree);

#endif
