/* SPDX-License-Identifier: Apache-2.0 */
/* allocations.h, in its two ways. A static program for another machine (FUZZ_EMULATED) cannot replace malloc and does not count. */
#include "allocations.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

static struct {
    long blocks;
    size_t bytes, limit;
    void (*over)(void);
} in_use = {0, 0, SIZE_MAX, NULL};

long allocations_live(void)
{
    return in_use.blocks;
}

#ifdef FUZZ_EMULATED

bool allocations_watch(size_t limit, void (*over)(void))
{
    (void)limit, (void)over;
    return false;
}

#else

static void taken(size_t bytes)
{
    in_use.blocks++;
    in_use.bytes += bytes;
    if (in_use.bytes > in_use.limit) {
        in_use.limit = SIZE_MAX; /* whoever reports it may allocate */
        in_use.over();
    }
}

static void given_back(size_t bytes)
{
    in_use.blocks--;
    in_use.bytes -= bytes < in_use.bytes ? bytes : in_use.bytes; /* what was there before is given back too */
}

#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)

#include <sanitizer/allocator_interface.h>

static void on_malloc(const volatile void *block, size_t size)
{
    if (block)
        taken(size);
}

static void on_free(const volatile void *block)
{
    if (block)
        given_back(__sanitizer_get_allocated_size(block));
}

bool allocations_watch(size_t limit, void (*over)(void))
{
    in_use.limit = limit;
    in_use.over = over;
    return __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0;
}

#else

bool allocations_watch(size_t limit, void (*over)(void))
{
    in_use.limit = limit;
    in_use.over = over;
    return true;
}

/* The names under which glibc's own functions stay reachable; they have no header. */
void *__libc_malloc(size_t size);                    /* NOLINT(bugprone-reserved-identifier) */
void *__libc_calloc(size_t count, size_t size);      /* NOLINT(bugprone-reserved-identifier) */
void *__libc_realloc(void *block, size_t size);      /* NOLINT(bugprone-reserved-identifier) */
void *__libc_memalign(size_t boundary, size_t size); /* NOLINT(bugprone-reserved-identifier) */
void __libc_free(void *block);                       /* NOLINT(bugprone-reserved-identifier) */

static void *counted(void *block)
{
    if (block)
        taken(malloc_usable_size(block));
    return block;
}

void *malloc(size_t size)
{
    return counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return counted(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
    size_t before = block ? malloc_usable_size(block) : 0;
    void *moved = __libc_realloc(block, size);
    if (block && (moved || !size))
        given_back(before);
    return counted(moved);
}

void free(void *block)
{
    if (block)
        given_back(malloc_usable_size(block));
    __libc_free(block);
}

void *memalign(size_t boundary, size_t size)
{
    return counted(__libc_memalign(boundary, size));
}

void *aligned_alloc(size_t boundary, size_t size)
{
    return memalign(boundary, size);
}

int posix_memalign(void **out, size_t boundary, size_t size)
{
    if (boundary % sizeof(void *) || !boundary || (boundary & (boundary - 1)))
        return EINVAL;
    void *block = memalign(boundary, size);
    if (!block)
        return ENOMEM;
    *out = block;
    return 0;
}

#endif
#endif
