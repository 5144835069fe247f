/* SPDX-License-Identifier: Apache-2.0 */
/* Compounds, MS-SMB2 2.2.1 and 3.3.5.2.7: elements chained by NextCommand, each a multiple of 8 long but the last. */
#include "mutator.h"
#include "operations.h"
#include "parts.h"

enum { NEXT_COMMAND = 20, ELEMENTS = 32 };

typedef struct chain {
    size_t count;
    size_t at[ELEMENTS + 1]; /* of each element, and the end of the last */
} chain;

/* NextCommand is believed when it is possible; where it is not, the element goes on to the next ProtocolId, or to the end. */
static size_t end_of(const window *m, size_t at)
{
    size_t next = (size_t)window_get(m, at + NEXT_COMMAND, 4), rest = m->size - at;
    if (next >= HEADER_LEN && next < rest)
        return at + next;
    for (size_t i = at + HEADER_LEN; next && i < m->size && m->size - i >= 4; i += 8)
        if (window_get(m, i, 4) == 0x424D53FE)
            return i;
    return m->size;
}

static void read_chain(chain *c, const window *m)
{
    c->count = 0;
    c->at[0] = 0;
    while (c->count < ELEMENTS && c->at[c->count] < m->size) {
        size_t end = end_of(m, c->at[c->count]);
        c->at[++c->count] = end;
    }
}

/* Aligns the elements, says in each how far the next is, and, where a header is none, makes it one. */
static void repair(rng *r, window *m)
{
    chain c;
    read_chain(&c, m);
    size_t shift = 0;
    for (size_t i = 0; i < c.count; i++) {
        size_t at = c.at[i] + shift, len = c.at[i + 1] - c.at[i], padded = window_align8(len);
        bool last = i + 1 == c.count;
        if (len < HEADER_LEN || !rng_one_in(r, 4)) {
            padded = len < HEADER_LEN ? HEADER_LEN : padded;
            window_put(m, at, 4, 0x424D53FE);
            window_put(m, at + 4, 2, HEADER_LEN);
        }
        if (!last || len < HEADER_LEN)
            shift += window_insert(m, at + len, padded - len) ? padded - len : 0;
        window_put(m, at + NEXT_COMMAND, 4, last ? 0 : padded);
    }
    DID(repair);
}

static void insert_element(rng *r, window *m, size_t at)
{
    window e = window_open(m, at, 0);
    header_start(r, &e, rng_one_in(r, 2));
    if (rng_one_in(r, 2))
        window_resize(&e, HEADER_LEN + 8 * rng_below(r, 12));
    size_t len = e.size;
    window_close(m, &e);
    window_put(m, at + NEXT_COMMAND, 4, at + len < m->size ? len : 0);
}

static void resize_element(rng *r, window *m, size_t at, size_t end)
{
    window e = window_open(m, at, end - at);
    window_resize(&e, rng_one_in(r, 8) ? rng_below(r, HEADER_LEN) : HEADER_LEN + value_size(r));
    if (rng_one_in(r, 4))
        bytes_change(r, &e);
    size_t len = e.size;
    window_close(m, &e);
    window_put(m, at + NEXT_COMMAND, 4, at + len < m->size ? len : 0);
    DID(element_resize);
}

static void change_elements(rng *r, window *m, const chain *c)
{
    size_t i = rng_below(r, c->count), at = c->at[i], end = c->at[i + 1];
    switch (rng_below(r, 6)) {
    case 0:
        insert_element(r, m, rng_one_in(r, 2) ? at : end);
        DID(element_insert);
        break;
    case 1:
        window_remove(m, at, end - at);
        DID(element_drop);
        break;
    case 2:
        window_double(m, at, end - at);
        DID(element_duplicate);
        break;
    case 3:
        if (i + 1 < c->count) {
            window_swap(m, at, end, c->at[i + 2 + rng_below(r, c->count - i - 1)]);
            DID(element_reorder);
        }
        break;
    default:
        resize_element(r, m, at, end);
        break;
    }
}

static void break_one(rng *r, window *m)
{
    chain c;
    read_chain(&c, m);
    size_t at = c.at[rng_below(r, c.count)];
    window e = window_open(m, at, m->size - at);
    field next = {NEXT_COMMAND, 4, FIELD_LENGTH, NULL};
    switch (rng_below(r, 6)) {
    case 0:
        window_resize(&e, rng_one_in(r, 2) ? rng_below(r, HEADER_LEN + 8) : e.size - window_least(e.size, 9));
        DID(break_end);
        break;
    case 1:
        window_put(&e, NEXT_COMMAND, 4, e.size); /* the last one names the end */
        DID(break_next_command);
        break;
    case 2:
        header_value(r, &e);
        break;
    case 3:
        window_insert(&e, window_least(e.size, HEADER_LEN), 1 + rng_below(r, 7));
        DID(break_alignment);
        break;
    default:
        value_change(r, &e, &next, false);
        DID(break_next_command);
        break;
    }
    window_close(m, &e);
}

void compound_change(rng *r, window *m)
{
    if (m->size < HEADER_LEN) {
        header_start(r, m, rng_one_in(r, 2));
        return;
    }
    chain c;
    read_chain(&c, m);
    if (rng_one_in(r, 4)) {
        size_t i = rng_below(r, c.count);
        window e = window_open(m, c.at[i], c.at[i + 1] - c.at[i]);
        if (rng_one_in(r, 2))
            header_value(r, &e);
        else
            bytes_change(r, &e);
        window_close(m, &e);
    } else {
        change_elements(r, m, &c);
    }
    if (!rng_one_in(r, 4))
        repair(r, m);
    if (rng_one_in(r, 3))
        break_one(r, m);
}

/* An element of the other compound comes into this one. */
void compound_splice(rng *r, window *m, const window *other)
{
    chain c, from;
    read_chain(&c, m);
    read_chain(&from, other);
    if (!from.count)
        return;
    size_t i = rng_below(r, from.count), at = c.at[rng_below(r, c.count + 1)], len = from.at[i + 1] - from.at[i];
    if (!window_insert_bytes(m, at, other->data + from.at[i], len))
        return;
    window_put(m, at + NEXT_COMMAND, 4, len);
    repair(r, m);
    DID(splice);
}

const mutator_kind mutator_compound = {"compound", NULL, compound_change, compound_splice, NULL, 0};
