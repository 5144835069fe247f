/* SPDX-License-Identifier: Apache-2.0 */
/* The contexts of a request, found naively (MS-SMB2 2.2.3) and written down again in another order, padded with 0xFF. */
#include "reorder.h"

#include <stdlib.h>

#include "context_model.h"

enum { UNKNOWN_LEN = 5 };

static size_t put(uint8_t *m, size_t end, const uint8_t *context, size_t len)
{
    for (; end % 8; end++)
        m[end] = 0xFF;
    memcpy(m + end, context, len);
    return end + len;
}

static bool order_matters(csign_bytes request, size_t offset, size_t count, size_t dialects_end)
{
    model_contexts m;
    bool read = model_read_contexts(&m, request, offset, count, dialects_end, false);
    return !read || !model_acceptable(&m, false) || m.netname.count > 1 || m.posix.count > 1;
}

csign_bytes reorder_contexts(csign_bytes request, size_t turn, size_t place, uint16_t unknown_type)
{
    const uint8_t *p = request.data;
    size_t offset = fuzz_le(p + 92, 4), count = fuzz_le(p + 96, 2), dialects = fuzz_le(p + 66, 2);
    bool is_3_1_1 = false;
    for (size_t i = 0; i < dialects; i++)
        is_3_1_1 = is_3_1_1 || fuzz_le(p + 100 + 2 * i, 2) == 0x0311;
    if (!is_3_1_1 || count == 65535 || order_matters(request, offset, count, 100 + 2 * dialects))
        return (csign_bytes){NULL, 0};
    const uint8_t unknown[8 + UNKNOWN_LEN] = {(uint8_t)unknown_type, (uint8_t)(unknown_type >> 8), UNKNOWN_LEN};
    size_t *at = malloc(count * sizeof *at), end = offset;
    uint8_t *m = malloc(request.len + 8 + 16);
    if (!at || !m)
        abort();
    for (size_t i = 0, next = offset; i < count; i++) {
        at[i] = (next + 7) / 8 * 8;
        next = at[i] + 8 + fuzz_le(p + at[i] + 2, 2);
    }
    memcpy(m, p, offset);
    for (size_t i = 0; i <= count; i++) {
        if (i == place % (count + 1))
            end = put(m, end, unknown, sizeof unknown);
        if (i < count) {
            const uint8_t *context = p + at[(i + turn) % count];
            end = put(m, end, context, 8 + fuzz_le(context + 2, 2));
        }
    }
    m[96] = (uint8_t)((count + 1) & 0xFF);
    m[97] = (uint8_t)((count + 1) >> 8);
    free(at);
    return (csign_bytes){m, end};
}
