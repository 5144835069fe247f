/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation that does not fail: a command has nothing better to do without memory than to say so and stop (status 2). What is
   asked for is always in proportion to what has been read, never to a length that the input merely claims. */
#ifndef COUNTERSIGN_TOOLS_MEMORY_H
#define COUNTERSIGN_TOOLS_MEMORY_H

#include <stddef.h>

/* need returns size zeroed bytes. */
void *need(size_t size);

/* need_more makes room for one more item of item_size bytes behind count items in *items, doubling *capacity (in items). */
void *need_more(void *items, size_t *capacity, size_t count, size_t item_size);

/* wipe_stack overwrites what functions that have returned left on the stack: pieces of secrets in buffers of libraries, and in vector
   registers that the dynamic linker saved there. */
void wipe_stack(void);

#endif
