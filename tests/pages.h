/* SPDX-License-Identifier: Apache-2.0 */
/* Memory between two pages without access: one byte read or written too far is a crash, under any compiler and without any
   sanitizer. */
#ifndef COUNTERSIGN_TESTS_PAGES_H
#define COUNTERSIGN_TESTS_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pages {
    uint8_t *begin; /* right behind the page before */
    size_t len;     /* up to the page behind */
} pages;

/* Room for at least len bytes; ends the program when there is none. */
pages pages_map(size_t len);
void pages_unmap(pages *p);

/* The last len bytes before the page behind. */
uint8_t *pages_tail(const pages *p, size_t len);

/* Makes the room read-only or writable again. */
void pages_protect(const pages *p, bool read_only);

#endif
