/* SPDX-License-Identifier: Apache-2.0 */
/* What the harnesses share: unknown values, messages of any length, and CHECK.
   An uninitialised local is any value to CBMC; a function without a body would be taken as unreachable under dfcc. */
#ifndef COUNTERSIGN_FORMAL_PROOF_H
#define COUNTERSIGN_FORMAL_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "contract.h"
#include "countersign/negotiate.h"

/* More than any SMB2 message: the transport's length field has 24 bits. */
#define MESSAGE_MAX ((size_t)1 << 24)

/* len bytes of any content, in an object of exactly that size: one byte further is a violation. NULL only when len is 0, and
   then either. */
static uint8_t *any_bytes(size_t len)
{
    bool null;
    if (null && len == 0) {
        return NULL;
    }
    uint8_t *p = malloc(len);
    __CPROVER_assume(p != NULL);
    return p;
}

static csign_bytes any_view(size_t max)
{
    csign_bytes view;
    __CPROVER_assume(view.len <= max);
    view.data = any_bytes(view.len);
    return view;
}

/* Whether size bytes at p lie inside a message; an empty view may point anywhere. */
#define INSIDE(p, size, message)                                                                                 \
    ((size) == 0 ||                                                                                                    \
     (__CPROVER_same_object(p, (message).data) && (size) <= (message).len &&                                           \
      __CPROVER_POINTER_OFFSET(p) >= __CPROVER_POINTER_OFFSET((message).data) &&                                       \
      __CPROVER_POINTER_OFFSET(p) - __CPROVER_POINTER_OFFSET((message).data) <= (message).len - (size)))
#define LIST_INSIDE(list, message) ((list).count <= 65535 && INSIDE((list).data, 2 * (list).count, message))

/* Whether all views of parsed contexts lie inside the message. */
#define VIEWS_INSIDE(contexts, message)                                                                          \
    (LIST_INSIDE((contexts)->preauth_hashes, message) &&                                                         \
     INSIDE((contexts)->preauth_salt.data, (contexts)->preauth_salt.len, message) &&                             \
     LIST_INSIDE((contexts)->ciphers, message) &&                                                                \
     LIST_INSIDE((contexts)->compression_algorithms, message) &&                                                 \
     INSIDE((contexts)->netname.data, (contexts)->netname.len, message) &&                                       \
     LIST_INSIDE((contexts)->rdma_transforms, message) &&                                                        \
     LIST_INSIDE((contexts)->signing_algorithms, message) &&                                                     \
     INSIDE((contexts)->posix.data, (contexts)->posix.len, message))

/* Whether each view is the one that it was before or lies inside data. */
#define KEPT(view, size, unit, data_)                                                                                  \
    ((after->view.data == before->view.data && after->view.size == before->view.size) ||                               \
     INSIDE(after->view.data, (unit) * after->view.size, data_))
static bool kept_or_inside(const csign_negotiate_contexts *after, const csign_negotiate_contexts *before, csign_bytes data)
{
    return KEPT(preauth_hashes, count, 2, data) && KEPT(preauth_salt, len, 1, data) && KEPT(ciphers, count, 2, data) &&
           KEPT(compression_algorithms, count, 2, data) && KEPT(netname, len, 1, data) &&
           KEPT(rdma_transforms, count, 2, data) && KEPT(signing_algorithms, count, 2, data) && KEPT(posix, len, 1, data);
}

#define CHECK(condition) __CPROVER_assert(condition, #condition)

#endif
