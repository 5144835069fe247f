/* SPDX-License-Identifier: Apache-2.0 */
/* A conversation with a server: operations, of which most are messages made of elements (fuzz/server.c says how they look). Operations and
   elements come, go and change places; how an element is filled in, signed and encrypted changes, and so do its header and body. The
   target signs and encrypts what comes of it, so no mutant is lost to a signature that no longer fits. */
#include "mutator.h"
#include "operations.h"
#include "parts.h"

enum { OPERATION_HEAD = 3, MESSAGE_HEAD = 2, ELEMENT_HEAD = 8, RECORDS = 128 };
enum { OPERATIONS = 7, MESSAGES = 2, SIGNATURES = 6, FILL = 0, SIGN = 4 };

/* Records of one size of head, which ends with a length of two bytes, and that many bytes behind it. */
typedef struct records {
    size_t count;
    size_t at[RECORDS + 1]; /* of each, and the end of the last */
} records;

static void read_records(records *s, const window *m, size_t from, size_t head)
{
    s->count = 0;
    s->at[0] = window_least(from, m->size);
    while (s->count < RECORDS && m->size - s->at[s->count] >= head) {
        size_t at = s->at[s->count], len = (size_t)window_get(m, at + head - 2, 2);
        s->at[++s->count] = at + head + window_least(len, m->size - at - head);
    }
}

static window open_record(window *m, const records *s, size_t i)
{
    return window_open(m, s->at[i], s->at[i + 1] - s->at[i]);
}

static void close_record(window *m, window *record, size_t head)
{
    window_put(record, head - 2, 2, window_least(record->size - window_least(record->size, head), 0xFFFF));
    window_close(m, record);
}

static void change_order(rng *r, window *m, const records *s)
{
    size_t i = rng_below(r, s->count), j = rng_below(r, s->count);
    switch (rng_below(r, 3)) {
    case 0:
        window_remove(m, s->at[i], s->at[i + 1] - s->at[i]);
        DID(record_drop);
        break;
    case 1:
        window_double(m, s->at[i], s->at[i + 1] - s->at[i]);
        DID(record_duplicate);
        break;
    default: /* one goes to before or behind another */
        if (i < j)
            window_swap(m, s->at[i], s->at[i + 1], s->at[j + 1]);
        else
            window_swap(m, s->at[j], s->at[i], s->at[i + 1]);
        DID(record_reorder);
        break;
    }
}

/* Which session, tree connect and open is meant, what of it is filled in, and how it is signed. */
static void change_meaning(rng *r, window *element)
{
    size_t at = rng_below(r, ELEMENT_HEAD - 2);
    if (at == FILL)
        window_put(element, at, 1, window_get(element, at, 1) ^ UINT64_C(1) << rng_below(r, 8));
    else
        window_put(element, at, 1, rng_below(r, at == SIGN || !rng_one_in(r, 8) ? SIGNATURES : 256));
    DID(meaning);
}

/* The fields at the beginning of most bodies are small: a size, flags, a level, a length. */
static void change_body(rng *r, window *body)
{
    field f = {0, (uint8_t)(1u << rng_below(r, 2)), FIELD_ANY, NULL};
    f.at = (uint16_t)rng_below(r, 24);
    if (rng_one_in(r, 3))
        bytes_change(r, body);
    else if (rng_one_in(r, 2))
        window_put(body, f.at, 1, rng_below(r, 4));
    else
        value_change(r, body, &f, false);
    DID(body);
}

static void change_element(rng *r, window *element)
{
    if (rng_one_in(r, 3)) {
        change_meaning(r, element);
        return;
    }
    size_t skip = window_least(element->size, ELEMENT_HEAD);
    window bytes = window_open(element, skip, element->size - skip);
    if (rng_one_in(r, 2)) {
        header_value(r, &bytes);
    } else {
        size_t from = window_least(bytes.size, HEADER_LEN);
        window body = window_open(&bytes, from, bytes.size - from);
        change_body(r, &body);
        window_close(&bytes, &body);
    }
    window_close(element, &bytes);
}

/* operation: its head, how it is encrypted and for which session, elements. */
static void change_message(rng *r, window *operation)
{
    records s;
    read_records(&s, operation, OPERATION_HEAD + MESSAGE_HEAD, ELEMENT_HEAD);
    size_t pick = rng_below(r, 6);
    if (!s.count || !pick) {
        window_put(operation, OPERATION_HEAD + rng_below(r, MESSAGE_HEAD), 1, rng_below(r, 4));
        DID(encryption);
    } else if (pick == 1) {
        change_order(r, operation, &s);
    } else {
        size_t i = rng_below(r, s.count);
        window element = open_record(operation, &s, i);
        change_element(r, &element);
        close_record(operation, &element, ELEMENT_HEAD);
    }
}

static void conversation_change(rng *r, window *m)
{
    records s;
    read_records(&s, m, 0, OPERATION_HEAD);
    if (!s.count) {
        window_resize(m, OPERATION_HEAD + MESSAGE_HEAD + ELEMENT_HEAD + HEADER_LEN);
        return;
    }
    size_t i = rng_below(r, s.count), pick = rng_below(r, 8);
    if (pick < 2) {
        change_order(r, m, &s);
    } else if (pick == 2) {
        window_put(m, s.at[i], 1, rng_below(r, OPERATIONS));
        DID(operation);
    } else {
        window operation = open_record(m, &s, i);
        if (window_get(&operation, 0, 1) % OPERATIONS < MESSAGES)
            change_message(r, &operation);
        else
            bytes_change(r, &operation);
        close_record(m, &operation, OPERATION_HEAD);
    }
}

/* Some operations of the other conversation come into this one, or from somewhere on all of them. */
static void conversation_splice(rng *r, window *m, const window *other)
{
    records s, from;
    read_records(&s, m, 0, OPERATION_HEAD);
    read_records(&from, other, 0, OPERATION_HEAD);
    if (!from.count)
        return;
    size_t at = s.at[rng_below(r, s.count + 1)], i = rng_below(r, from.count), count = 1 + rng_below(r, from.count - i);
    if (rng_one_in(r, 2)) {
        window_resize(m, at);
        count = from.count - i;
    }
    window_insert_bytes(m, at, other->data + from.at[i], from.at[i + count] - from.at[i]);
    DID(splice);
}

const mutator_kind mutator_conversation = {"conversation", NULL, conversation_change, conversation_splice, NULL, 24};
