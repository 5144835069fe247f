/* SPDX-License-Identifier: Apache-2.0 */
/* What may hang on a CREATE (MS-SMB2 2.2.13.2, 2.2.14.2). Leases and durable handles are not granted, so their contexts go unanswered. */
#ifndef SERVER_CREATE_CONTEXT_H
#define SERVER_CREATE_CONTEXT_H

#include "share.h"

struct create_contexts {
    bool maximal_access, disk_id;
    uint64_t timestamp; /* of maximal_access; 0: none */
    uint64_t allocation;
    csign_bytes security; /* borrowed; empty: none */
};

uint32_t create_contexts_parse(csign_bytes list, struct create_contexts *out);
/* create_contexts_len and _lay: the answer's. */
size_t create_contexts_len(const struct create_contexts *contexts);
void create_contexts_lay(uint8_t *out, const struct create_contexts *contexts, const struct node *node,
                         uint32_t maximal);

#endif
