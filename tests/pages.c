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

pages pages_map(size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    pages p;
    p.len = (len + page) / page * page;
    p.begin = mmap(NULL, p.len + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p.begin == MAP_FAILED) {
        give_up("mmap");
    }
    if (mprotect(p.begin + p.len, page, PROT_NONE) != 0) {
        give_up("mprotect");
    }
    return p;
}

void pages_unmap(pages *p)
{
    if (munmap(p->begin, p->len + (size_t)sysconf(_SC_PAGESIZE)) != 0) {
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
