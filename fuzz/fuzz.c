/* SPDX-License-Identifier: Apache-2.0 */
/* The helpers of fuzz.h that targets call. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

bool fuzz_was_too_short;

_Noreturn void fuzz_broken(const char *file, int line, const char *property, const char *condition)
{
    fprintf(stderr, "BROKEN PROPERTY %s: %s\n  %s:%d: %s\n", fuzz_this.name, property, file, line, condition);
    fflush(stderr);
    abort();
}

void fuzz_take(fuzz_reader *r, uint8_t *out, size_t len)
{
    csign_bytes v = fuzz_take_view(r, len);
    if (v.len)
        memcpy(out, v.data, v.len);
    if (v.len < len) {
        memset(out + v.len, 0, len - v.len);
        fuzz_too_short(true);
    }
}

uint8_t fuzz_take_u8(fuzz_reader *r)
{
    uint8_t b;
    fuzz_take(r, &b, 1);
    return b;
}

uint16_t fuzz_take_u16(fuzz_reader *r)
{
    uint8_t b[2];
    fuzz_take(r, b, 2);
    return (uint16_t)fuzz_le(b, 2);
}

csign_bytes fuzz_take_view(fuzz_reader *r, size_t len)
{
    csign_bytes v = {r->data, len < r->left ? len : r->left};
    r->data += v.len;
    r->left -= v.len;
    return v;
}

csign_bytes fuzz_rest(const fuzz_reader *r)
{
    return (csign_bytes){r->data, r->left};
}

void fuzz_cut(csign_bytes *parts, size_t count, csign_bytes whole, const uint16_t *cuts)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t len = i + 1 == count ? whole.len - at : cuts[i] % (whole.len - at + 1);
        parts[i] = (csign_bytes){len ? whole.data + at : NULL, len};
        at += len;
    }
}

uint8_t *fuzz_copy(csign_bytes bytes)
{
    uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    if (!copy)
        abort();
    if (bytes.len)
        memcpy(copy, bytes.data, bytes.len);
    return copy;
}

bool fuzz_all(const void *object, size_t len, uint8_t value)
{
    const uint8_t *p =
        object; /* the first byte is right and each equals the one behind it: memcmp is quick under ASan too */
    return !len || (p[0] == value && !memcmp(p, p + 1, len - 1));
}
