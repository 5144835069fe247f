/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation that does not fail: see memory.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(void)
{
    fputs("countersign: out of memory; try a part of the capture\n", stderr);
    exit(2);
}

void *need(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (p == NULL)
        out_of_memory();
    return p;
}

void *need_more(void *items, size_t *capacity, size_t count, size_t item_size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? 2 * *capacity : 8;
    void *p = wanted <= SIZE_MAX / item_size ? realloc(items, wanted * item_size) : NULL;
    if (p == NULL)
        out_of_memory();
    *capacity = wanted;
    return p;
}

__attribute__((noinline)) void wipe_stack(void)
{
    unsigned char below[16384];
    explicit_bzero(below, sizeof below);
}
