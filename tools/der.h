/* SPDX-License-Identifier: Apache-2.0 */
/* Reading DER (X.690) as GSS-API tokens use it: one-byte tags and definite lengths. */
#ifndef COUNTERSIGN_TOOLS_DER_H
#define COUNTERSIGN_TOOLS_DER_H

#include <stdbool.h>

#include "countersign/bytes.h"

/* der_take takes the element at the start of *in off it: its tag and its content, which borrows. False: there is none, or it runs past the
   end; nothing changes. */
static inline bool der_take(csign_bytes *in, uint8_t *tag, csign_bytes *content)
{
    size_t at = 2, len;

    if (in->len < 2 || (in->data[0] & 0x1F) == 0x1F)
        return false;
    len = in->data[1];
    if (len >= 0x80) {
        size_t octets = len - 0x80;
        if (octets == 0 || octets > 4 || in->len - at < octets)
            return false;
        for (len = 0; octets != 0; octets--)
            len = len << 8 | in->data[at++];
    }
    if (in->len - at < len)
        return false;
    *tag = in->data[0];
    *content = (csign_bytes){in->data + at, len};
    *in = (csign_bytes){in->data + at + len, in->len - at - len};
    return true;
}

/* der_enter replaces *in by the content of the element at its start if that has the tag. */
static inline bool der_enter(csign_bytes *in, uint8_t wanted)
{
    csign_bytes rest = *in, content;
    uint8_t tag;
    if (!der_take(&rest, &tag, &content) || tag != wanted)
        return false;
    *in = content;
    return true;
}

#endif
