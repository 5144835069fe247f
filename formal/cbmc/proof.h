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

#define CHECK(condition) __CPROVER_assert(condition, #condition)

#endif
