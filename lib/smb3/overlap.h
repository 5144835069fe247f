/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an object, which is never empty, and a buffer share bytes: a caller's mistake that would otherwise sign, or
   derive keys from, what was just overwritten. */
#ifndef COUNTERSIGN_SMB3_OVERLAP_H
#define COUNTERSIGN_SMB3_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool csign_overlap(const void *a, size_t a_len, const void *b, size_t b_len)
{
    uintptr_t a_begin = (uintptr_t)a, b_begin = (uintptr_t)b;
    return b_len != 0 && a_begin < b_begin + b_len && b_begin < a_begin + a_len;
}

#endif
