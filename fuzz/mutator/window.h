/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that are being edited in place: size of them are there, max may be. Everything the mutator reads and writes goes through
   these functions, which take any offset and length: what lies outside reads as zero, is not written, and what does not
   fit is refused. So a mutation may believe any field of a hostile message, and stays inside all the same. */
#ifndef FUZZ_MUTATOR_WINDOW_H
#define FUZZ_MUTATOR_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct window {
    uint8_t *data;
    size_t size, max;
} window;

/* Little-endian values of up to 8 bytes, as SMB2 and pcap files have them, and big-endian ones for IP and TCP. */
uint64_t window_get(const window *w, size_t at, size_t width);
void window_put(window *w, size_t at, size_t width, uint64_t value);
uint64_t window_get_be(const window *w, size_t at, size_t width);
void window_put_be(window *w, size_t at, size_t width, uint64_t value);

/* Opens a gap of count zeros before the byte at `at`. False, and nothing happens: there is no room, or `at` is past the end. */
bool window_insert(window *w, size_t at, size_t count);

/* Takes out up to count bytes. */
void window_remove(window *w, size_t at, size_t count);

/* Cuts, or extends with zeros as far as there is room. */
void window_resize(window *w, size_t size);

/* Inserts a copy of other bytes before the byte at `at`; they must not lie in w. */
bool window_insert_bytes(window *w, size_t at, const uint8_t *bytes, size_t count);

/* Puts a copy of [at, at + count) behind itself. */
bool window_double(window *w, size_t at, size_t count);

/* [a, b) and [b, c) change places. */
void window_swap(window *w, size_t a, size_t b, size_t c);

/* A window on [at, at + len) of outer, which can grow: what follows waits at the far end of outer's room meanwhile. outer
   must not be used until window_close, which puts it together again. */
window window_open(window *outer, size_t at, size_t len);
void window_close(window *outer, const window *inner);

static inline size_t window_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline size_t window_align8(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

#endif
