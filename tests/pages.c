/* SPDX-License-Identifier: Apache-2.0 */
/* See pages.h. */
#define _GNU_SOURCE
#include "pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

pages pages_map(size_t len)
{
    const size_t page = page_size();
    pages p;
    p.len = (len + page) / page * page;
    uint8_t *all = mmap(NULL, p.len + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) {
        give_up("mmap");
    }
    p.begin = all + page;
    pages_protect(&p, false);
    return p;
}

void pages_unmap(pages *p)
{
    if (munmap(p->begin - page_size(), p->len + 2 * page_size()) != 0) {
        give_up("munmap");
    }
    p->begin = NULL;
    p->len = 0;
}

uint8_t *pages_tail(const pages *p, size_t len)
{
    if (len > p->len) {
        give_up("pages_tail: too long");
    }
    return p->begin + p->len - len;
}

void pages_protect(const pages *p, bool read_only)
{
    if (mprotect(p->begin, p->len, read_only ? PROT_READ : PROT_READ | PROT_WRITE) != 0) {
        give_up("mprotect");
    }
}
