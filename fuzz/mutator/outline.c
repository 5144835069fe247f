/* SPDX-License-Identifier: Apache-2.0 */
/* Where things are in a NEGOTIATE message, MS-SMB2 2.2.3 and 2.2.4. Reading believes a field when what it says is possible, and
   otherwise goes by what is there; repairing then writes what was found into the fields. So a broken field can be kept,
   mended, or carried on with, and the rest of the message is not lost. */
#include "parts.h"

#include <string.h>

enum { CONTEXT_HEAD = 8 };

/* Where the list of dialects or the security buffer ends, if the contexts begin at `first`. */
static size_t list_end(const window *m, bool response, size_t first)
{
    size_t room = (first ? first : m->size) - (response ? RESPONSE_FIXED : REQUEST_FIXED);
    if (!response)
        return REQUEST_FIXED + 2 * window_least((size_t)window_get(m, 66, 2), room / 2);
    size_t at = (size_t)window_get(m, 120, 2), len = (size_t)window_get(m, 122, 2);
    return len && at == RESPONSE_FIXED ? RESPONSE_FIXED + window_least(len, room) : RESPONSE_FIXED;
}

void outline_read(outline *o, const window *m)
{
    memset(o, 0, sizeof *o);
    o->response = window_get(m, 64, 2) & 1;
    size_t fixed = o->response ? RESPONSE_FIXED : REQUEST_FIXED;
    if (m->size < fixed) {
        o->list_end = o->end = m->size;
        return;
    }
    size_t claimed = (size_t)window_get(m, o->response ? 70 : 96, 2);
    size_t first = (size_t)window_get(m, o->response ? 124 : 92, 4);
    bool possible = first >= fixed && first < m->size;
    o->list_end = list_end(m, o->response, possible ? first : 0);
    size_t at = possible && first >= o->list_end ? first : window_align8(o->list_end);
    o->end = o->list_end;
    /* As many as are claimed, and after that those that look like one. */
    while (o->count < OUTLINE_CONTEXTS && at < m->size && m->size - at >= CONTEXT_HEAD) {
        size_t type = (size_t)window_get(m, at, 2), len = (size_t)window_get(m, at + 2, 2),
               rest = m->size - at - CONTEXT_HEAD;
        bool looks = type && (type < 9 || type == 0x100) && len <= rest;
        if (o->count >= claimed && !looks)
            break;
        o->context[o->count].at = at;
        o->context[o->count].len = window_least(len, rest);
        o->end = at + CONTEXT_HEAD + o->context[o->count++].len;
        at = window_align8(o->end);
    }
}

/* Padding so that what begins at `at` begins at `wanted`, the bytes between being of no meaning. Returns where it begins. */
static size_t move_to(window *m, size_t at, size_t wanted)
{
    if (at > wanted) {
        window_remove(m, wanted, at - wanted);
        return wanted;
    }
    return window_insert(m, at, wanted - at) ? wanted : at;
}

static void repair_list(window *m, const outline *o)
{
    if (o->response) {
        size_t len = o->list_end - RESPONSE_FIXED;
        window_put(m, 120, 2, len ? RESPONSE_FIXED : 0);
        window_put(m, 122, 2, len);
    } else {
        window_put(m, 66, 2, (o->list_end - REQUEST_FIXED) / 2);
    }
}

void outline_repair(window *m)
{
    outline o;
    outline_read(&o, m);
    if (m->size < (o.response ? (size_t)RESPONSE_FIXED : (size_t)REQUEST_FIXED))
        return;
    repair_list(m, &o);
    size_t before = o.list_end, first = 0, moved_from, shift = 0;
    for (size_t i = 0; i < o.count; i++) {
        /* shift is how far everything behind has moved so far, modulo the size of the address space */
        moved_from = o.context[i].at + shift;
        size_t wanted = i ? window_align8(before) : moved_from % 8 ? window_align8(before) : moved_from;
        size_t at = move_to(m, moved_from, wanted);
        shift += at - moved_from;
        first = i ? first : at;
        window_put(m, at + 2, 2, o.context[i].len);
        before = at + CONTEXT_HEAD + o.context[i].len;
    }
    window_put(m, o.response ? 70 : 96, 2, o.count);
    window_put(m, o.response ? 124 : 92, 4, o.count ? first : 0);
}
