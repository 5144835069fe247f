/* SPDX-License-Identifier: Apache-2.0 */
#include "determined.h"

#include <stddef.h>

static uint64_t state;

void determined_begin(uint64_t seed)
{
    state = seed;
}

void __wrap_evutil_secure_rng_get_bytes(void *out, size_t len);
void __wrap_evutil_secure_rng_get_bytes(void *out, size_t len)
{
    uint8_t *p = out;
    for (size_t i = 0; i < len; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        p[i] = (uint8_t)(state >> 56);
    }
}

uint64_t __wrap_now_filetime(void);
uint64_t __wrap_now_filetime(void)
{
    return DETERMINED_TIME;
}
