/* SPDX-License-Identifier: Apache-2.0 */
/* A NEGOTIATE message, field by field at the offsets of MS-SMB2 2.2.1, 2.2.3 and 2.2.4. */
#include "wrap.h"

#include <stdlib.h>

static void put(uint8_t *at, size_t len, uint64_t value)
{
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)(value >> 8 * i & 0xFF);
}

static size_t up_to_8(size_t n)
{
    return n % 8 ? n + 8 - n % 8 : n;
}

static void put_header(uint8_t *m, size_t len, bool response)
{
    for (uint8_t i = 0; i < 128 && i < len; i++)
        m[i] = (uint8_t)(0x80 | i); /* what is not set below: ids, the GUID, sizes, times, the signature */
    put(m, 4, 0x424D53FE);
    put(m + 4, 2, 64);
    put(m + 12, 2, 0);
    put(m + 16, 4, response ? 0x71 : 0x70);
    put(m + 20, 4, 0);
    put(m + 64, 2, response ? 65 : 36);
}

csign_bytes wrap_negotiate(const wrap_message *w, size_t at[WRAP_CONTEXTS])
{
    size_t fixed_end = w->response ? 128 + w->security_len : 100 + 2 * w->dialect_count, end = fixed_end;
    for (size_t i = 0; i < w->context_count; i++) {
        at[i] = up_to_8(end);
        end = at[i] + 8 + w->contexts[i].data.len;
    }
    uint8_t *m = malloc(end);
    if (!m)
        abort();
    put_header(m, end, w->response);
    if (w->response) {
        put(m + 68, 2, w->dialects[0]);
        put(m + 70, 2, w->context_count);
        put(m + 120, 2, w->security_len ? 128 : 0);
        put(m + 122, 2, w->security_len);
        put(m + 124, 4, w->context_count ? at[0] : 0);
        memset(m + 128, 0x60, w->security_len);
    } else {
        put(m + 66, 2, w->dialect_count);
        put(m + 70, 2, 0);
        put(m + 92, 4, w->context_count ? at[0] : 0);
        put(m + 96, 4, w->context_count);
        for (size_t i = 0; i < w->dialect_count; i++)
            put(m + 100 + 2 * i, 2, w->dialects[i]);
    }
    for (size_t i = 0, from = fixed_end; i < w->context_count; i++) {
        csign_bytes data = w->contexts[i].data;
        memset(m + from, w->padding, at[i] - from);
        put(m + at[i], 2, w->contexts[i].type);
        put(m + at[i] + 2, 2, data.len);
        memset(m + at[i] + 4, w->padding, 4);
        if (data.len)
            memcpy(m + at[i] + 8, data.data, data.len);
        from = at[i] + 8 + data.len;
    }
    return (csign_bytes){m, end};
}
