/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing secrets from memory for good. A memset that a compiler finds dead is removed, and what dies next is exactly what a wipe is
   for. The empty assembly claims to read all memory through p, so the zeros must be there; other compilers get volatile stores. */
#ifndef COUNTERSIGN_CRYPTO_WIPE_H
#define COUNTERSIGN_CRYPTO_WIPE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* csign_wipe sets n bytes at p to zero, and the compiler may not leave it out even if they are never read again. */
static inline void csign_wipe(void *p, size_t n)
{
#if defined(__GNUC__) || defined(__clang__)
    uint8_t *at = (uint8_t *)p;
#ifndef __OPTIMIZE_SIZE__
    for (; n >= 64; n -= 64) { /* of a longer one gcc makes "rep stos", which takes a hundred cycles */
        memset(at, 0, 64);
        at += 64;
    }
#endif
    memset(at, 0, n);
    __asm__ volatile("" : : "r"(p) : "memory");
#else
    volatile uint8_t *bytes = (volatile uint8_t *)p;
    for (size_t i = 0; i < n; i++) {
        bytes[i] = 0;
    }
#endif
}

/* csign_wipe_stack sets to zero what the functions that its caller has just called left below on the stack: registers
   that the compiler saved there, which no name in C reaches. As far down as this library's functions go. */
void csign_wipe_stack(void);

enum { WIPE_DEEP = 8192 };

/* csign_wipe_stack_deep, of WIPE_DEEP bytes, is csign_wipe_stack for batches, of which some compilers keep the round keys of all lanes on the stack. */
void csign_wipe_stack_deep(void);

#endif
