/* SPDX-License-Identifier: Apache-2.0 */
/* Segments that wait for others: see tcp_waiting.h. */
#include "tcp_waiting.h"

#include <stdlib.h>

#include "memory.h"

static bool before(const waiting *a, const waiting *b)
{
    return a->key == b->key ? a->frame < b->frame : tcp_after(b->key, a->key);
}

void waiting_push(waiting_heap *heap, waiting *w, uint32_t key)
{
    size_t at = heap->count++;
    heap->segments = need_more(heap->segments, &heap->capacity, at, sizeof *heap->segments);
    w->key = key;
    for (; at != 0 && before(w, heap->segments[(at - 1) / 2]); at = (at - 1) / 2)
        heap->segments[at] = heap->segments[(at - 1) / 2];
    heap->segments[at] = w;
}

waiting *waiting_top(const waiting_heap *heap)
{
    return heap->count ? heap->segments[0] : NULL;
}

waiting *waiting_pop(waiting_heap *heap)
{
    waiting **s = heap->segments, *top = s[0], *moved = s[--heap->count];
    size_t at = 0, child;
    for (; (child = 2 * at + 1) < heap->count; at = child) {
        child += child + 1 < heap->count && before(s[child + 1], s[child]);
        if (!before(s[child], moved))
            break;
        s[at] = s[child];
    }
    s[at] = moved;
    return top;
}

void waiting_free(waiting_heap *heap)
{
    free(heap->segments);
    *heap = (waiting_heap){0};
}
