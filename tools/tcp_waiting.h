/* SPDX-License-Identifier: Apache-2.0 */
/* Segments that wait for others, in the order of a sequence number: binary heaps, so that many cost little each. */
#ifndef COUNTERSIGN_TOOLS_TCP_WAITING_H
#define COUNTERSIGN_TOOLS_TCP_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A segment that cannot be delivered yet. */
typedef struct waiting {
    struct waiting *older, *newer; /* in the order of arrival; in both directions */
    unsigned direction;
    uint32_t key; /* by which its heap is ordered: seq or ack */
    uint32_t seq, ack;
    bool has_ack;
    size_t frame, cut, len;
    uint8_t data[];
} waiting;

/* Borrows its segments. All zero is an empty one. */
typedef struct waiting_heap {
    waiting **segments; /* the first is the one to be had next */
    size_t count, capacity;
} waiting_heap;

/* tcp_after says whether a is after b: sequence numbers wrap, so it is when it is less than half the space ahead. */
static inline bool tcp_after(uint32_t a, uint32_t b)
{
    uint32_t ahead = a - b;
    return ahead != 0 && ahead < UINT32_C(1) << 31;
}

void waiting_push(waiting_heap *heap, waiting *w, uint32_t key);

/* waiting_top returns the segment with the lowest key, of equal ones the one that came first; NULL: there is none. */
waiting *waiting_top(const waiting_heap *heap);

/* waiting_pop takes it out. */
waiting *waiting_pop(waiting_heap *heap);

/* waiting_free frees an empty heap's memory. */
void waiting_free(waiting_heap *heap);

#endif
