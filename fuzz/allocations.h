/* SPDX-License-Identifier: Apache-2.0 */
/* How much of the heap is in use, counted at each allocation: what an input does not give back is a leak, and what it needs
   beyond a limit is found when it asks. With a sanitizer by its hooks, else by standing in for malloc, as the C library allows
   (glibc manual, "Replacing malloc"): both see libraries too. One thread is counted on. */
#ifndef FUZZ_ALLOCATIONS_H
#define FUZZ_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

/* From now on count; over is called when more than limit bytes are in use, and must not return. False: this build cannot count. */
bool allocations_watch(size_t limit, void (*over)(void));

/* Blocks in use; only differences mean something. */
long allocations_live(void);

#endif
