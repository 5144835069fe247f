/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing secrets from memory for good. */
#ifndef COUNTERSIGN_CRYPTO_WIPE_H
#define COUNTERSIGN_CRYPTO_WIPE_H

#include <stddef.h>

/* csign_wipe sets n bytes at p to zero, and the compiler may not leave it out even if they are never read again. */
void csign_wipe(void *p, size_t n);

/* csign_wipe_stack sets to zero what the functions that its caller has just called left below on the stack: registers
   that the compiler saved there, which no name in C reaches. As far down as this library's functions go. */
void csign_wipe_stack(void);

#endif
