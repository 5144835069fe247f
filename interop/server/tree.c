/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include <stdlib.h>

#include "open.h"
#include "session.h"

struct tree *tree_find(const struct session *session, uint32_t id)
{
    struct tree *tree;
    DL_FOREACH(session->trees, tree)
    {
        if (tree->id == id)
            return tree;
    }
    return NULL;
}

void tree_end(struct tree *tree)
{
    struct session *session = tree->session;
    while (tree->opens)
        open_end(tree->opens);
    DL_DELETE(session->trees, tree);
    session->tree_count--;
    free(tree);
}
