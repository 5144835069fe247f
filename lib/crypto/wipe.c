/* SPDX-License-Identifier: Apache-2.0 */
/* A memset that a compiler finds dead is removed, and what dies next is exactly what a wipe is for. The empty assembly
   claims to read all memory through p, so the zeros must be there; other compilers get volatile stores. */
#include "wipe.h"

#include <stdint.h>
#include <string.h>

void csign_wipe(void *p, size_t n)
{
#if defined(__GNUC__) || defined(__clang__)
    memset(p, 0, n);
    __asm__ volatile("" : : "r"(p) : "memory");
#else
    volatile uint8_t *bytes = (volatile uint8_t *)p;
    for (size_t i = 0; i < n; i++) {
        bytes[i] = 0;
    }
#endif
}

/* The deepest frames are those of SHA-512, with 640 bytes of message schedule, and of AES, with most of its circuit.
   Not inlined: its frame must lie where theirs were. */
#if defined(__GNUC__) || defined(__clang__)
__attribute__((noinline))
#endif
void csign_wipe_stack(void)
{
    uint8_t below[1024];
    csign_wipe(below, sizeof below);
}
