/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE requests and responses, MS-SMB2 2.2.3 and 2.2.4: one change, mostly repaired so that the message is one again, and then
   sometimes one thing broken in a message that is otherwise right. */
#include "mutator.h"
#include "operations.h"
#include "parts.h"

enum { CONTEXT_HEAD = 8 };

static const field request_fields[] = {
    {64, 2, FIELD_LENGTH, NULL}, {68, 2, FIELD_FLAGS, NULL},  {70, 2, FIELD_ANY, NULL},
    {72, 4, FIELD_FLAGS, NULL},  {76, 8, FIELD_ANY, NULL},    {84, 8, FIELD_ANY, NULL},
    {92, 4, FIELD_LENGTH, NULL}, {96, 2, FIELD_LENGTH, NULL}, {98, 2, FIELD_ANY, NULL},
};
static const field response_fields[] = {
    {64, 2, FIELD_LENGTH, NULL},  {66, 2, FIELD_FLAGS, NULL},   {68, 2, FIELD_ID, &known_dialects},
    {70, 2, FIELD_LENGTH, NULL},  {72, 8, FIELD_ANY, NULL},     {80, 8, FIELD_ANY, NULL},
    {88, 4, FIELD_FLAGS, NULL},   {92, 4, FIELD_ANY, NULL},     {96, 4, FIELD_ANY, NULL},
    {100, 4, FIELD_ANY, NULL},    {104, 8, FIELD_ANY, NULL},    {112, 8, FIELD_ANY, NULL},
    {120, 2, FIELD_LENGTH, NULL}, {122, 2, FIELD_LENGTH, NULL}, {124, 4, FIELD_LENGTH, NULL},
};

static void fixed_value(rng *r, window *m, bool response)
{
    if (response)
        value_change(r, m, &response_fields[rng_below(r, sizeof response_fields / sizeof(field))], false);
    else
        value_change(r, m, &request_fields[rng_below(r, sizeof request_fields / sizeof(field))], false);
    DID(fixed_value);
}

/* The constants that make a NEGOTIATE of it; what is there already stays. */
static void start(rng *r, window *m, bool response)
{
    size_t fixed = response ? RESPONSE_FIXED : REQUEST_FIXED;
    header_start(r, m, response);
    window_put(m, 12, 2, 0);
    if (m->size < fixed)
        window_resize(m, fixed);
    window_put(m, 64, 2, response ? 65 : 36);
    if (response) {
        window_put(m, 68, 2, 0x0311);
    } else if (m->size < REQUEST_FIXED + 2 || !window_get(m, 66, 2)) {
        window_put(m, 66, 2, window_insert(m, REQUEST_FIXED, 2));
        window_put(m, REQUEST_FIXED, 2, 0x0311);
    }
}

static void change_dialects(rng *r, window *m, const outline *o)
{
    DID(dialect);
    if (o->response) {
        window_put(m, 68, 2, rng_one_in(r, 2) ? 0x0311 : value_id(r, &known_dialects));
        return;
    }
    size_t count = (o->list_end - REQUEST_FIXED) / 2, at = REQUEST_FIXED + 2 * rng_below(r, count + 1), shift = 0;
    switch (rng_below(r, 4)) {
    case 0:
        if (count > 1 && at < o->list_end) {
            window_remove(m, at, 2);
            window_put(m, 66, 2, count - 1);
            shift = (size_t)0 - 2;
        }
        break;
    case 1:
        window_put(m, at < o->list_end ? at : REQUEST_FIXED, 2, value_id(r, &known_dialects));
        break;
    default:
        if (window_insert(m, at, 2)) {
            window_put(m, at, 2, rng_one_in(r, 3) ? 0x0311 : value_id(r, &known_dialects));
            window_put(m, 66, 2, count + 1);
            shift = 2;
        }
        break;
    }
    window_put(m, 92, 4, o->count ? o->context[0].at + shift : 0);
}

static void change_buffer(rng *r, window *m, const outline *o)
{
    size_t len = o->list_end - RESPONSE_FIXED;
    window buffer = window_open(m, RESPONSE_FIXED, len);
    if (rng_one_in(r, 3))
        bytes_change(r, &buffer);
    else
        window_resize(&buffer, rng_one_in(r, 3) ? 0 : value_size(r));
    size_t now = buffer.size;
    window_close(m, &buffer);
    window_put(m, 120, 2, now ? RESPONSE_FIXED : 0);
    window_put(m, 122, 2, now);
    window_put(m, 124, 4, o->count ? o->context[0].at + now - len : 0);
    DID(security_buffer);
}

/* The context begins at `at`, whose type and Data are made here; what was behind stays behind. */
static void insert_context(rng *r, window *m, size_t at, const outline *o)
{
    static const uint32_t wanted[] = {1, 2, 8}; /* the ones that decide */
    uint32_t type = rng_one_in(r, 3) ? wanted[rng_below(r, 3)] : value_id(r, &known_types);
    window head = window_open(m, at, 0);
    window_resize(&head, CONTEXT_HEAD);
    window data = window_open(&head, CONTEXT_HEAD, 0);
    context_build(r, &data, type & 0xFFFF, o->response);
    size_t len = data.size;
    window_close(&head, &data);
    window_put(&head, 0, 2, type);
    window_put(&head, 2, 2, len);
    if (at < o->end) /* something follows: it begins aligned */
        window_resize(&head, window_align8(head.size));
    window_close(m, &head);
}

static size_t after(const window *m, const outline *o, size_t i) /* where the next one begins, or would */
{
    return i + 1 < o->count ? o->context[i + 1].at : window_least(o->end, m->size);
}

/* Changes the list of contexts and says in the fixed part how many there are and where. */
static void change_contexts(rng *r, window *m, const outline *o)
{
    size_t i = rng_below(r, o->count), at = o->count ? o->context[i].at : window_align8(o->list_end), count = o->count;
    size_t first = count ? o->context[0].at : at, before = m->size;
    switch (count ? rng_below(r, 6) : 0) {
    case 0:
    case 1:
        if (rng_one_in(r, 2) || !count) { /* at the end */
            at = window_align8(o->end);
            if (at > m->size)
                window_resize(m, at);
        }
        insert_context(r, m, at, o);
        count += m->size > before;
        DID(context_insert);
        break;
    case 2:
        window_remove(m, at, after(m, o, i) - at);
        count--;
        DID(context_drop);
        break;
    case 3:
        count += window_double(m, at, after(m, o, i) - at);
        DID(context_duplicate);
        break;
    case 4:
        if (count > 1) {
            i = rng_below(r, count - 1);
            window_swap(m, o->context[i].at, o->context[i + 1].at, after(m, o, i + 1 + rng_below(r, count - i - 1)));
            DID(context_reorder);
        }
        break;
    default:
        window_put(m, at, 2, value_id(r, &known_types));
        DID(context_retype);
        break;
    }
    window_put(m, o->response ? 70 : 96, 2, count);
    window_put(m, o->response ? 124 : 92, 4, count ? first : 0);
}

static void change_inside(rng *r, window *m, const outline *o)
{
    size_t i = rng_below(r, o->count), at = o->context[i].at;
    window data = window_open(m, at + CONTEXT_HEAD, o->context[i].len);
    context_change(r, &data, (uint32_t)window_get(m, at, 2), o->response);
    size_t len = data.size;
    window_close(m, &data);
    window_put(m, at + 2, 2, len);
    /* What follows begins aligned, as it did. */
    if (i + 1 < o->count) {
        size_t end = at + CONTEXT_HEAD + len, next = o->context[i + 1].at + len - o->context[i].len;
        if (next > window_align8(end))
            window_remove(m, window_align8(end), next - window_align8(end));
        else
            window_insert(m, next, window_align8(end) - next);
    }
}

/* One thing that does not agree with the rest. */
static void break_one(rng *r, window *m)
{
    static const field of_request[] = {
        {66, 2, FIELD_LENGTH, NULL}, {96, 2, FIELD_LENGTH, NULL}, {92, 4, FIELD_LENGTH, NULL}};
    static const field of_response[] = {{122, 2, FIELD_LENGTH, NULL},
                                        {70, 2, FIELD_LENGTH, NULL},
                                        {124, 4, FIELD_LENGTH, NULL},
                                        {120, 2, FIELD_LENGTH, NULL}};
    outline o;
    outline_read(&o, m);
    size_t i = rng_below(r, o.count), at = o.count ? o.context[i].at : 0;
    field length = {(uint16_t)(at + 2), 2, FIELD_LENGTH, NULL};
    switch (rng_below(r, o.count && at < 0xFF00 ? 7 : 3)) {
    case 0:
        value_change(r, m, o.response ? &of_response[rng_below(r, 2)] : &of_request[rng_below(r, 2)], false);
        DID(break_count);
        break;
    case 1:
        value_change(r, m, o.response ? &of_response[2 + rng_below(r, 2)] : &of_request[2], false);
        DID(break_offset);
        break;
    case 2:
        window_resize(m, rng_one_in(r, 2) ? rng_below(r, m->size) : m->size - window_least(m->size, rng_below(r, 9)));
        DID(break_end);
        break;
    case 3:
        if (rng_one_in(r, 2))
            window_insert(m, at, 1 + rng_below(r, 8));
        else
            window_remove(m, at - window_least(at, 4), 1 + rng_below(r, 4));
        DID(break_alignment);
        break;
    case 4:
        value_change(r, m, &length, false);
        DID(break_length);
        break;
    default: {
        window data = window_open(m, at + CONTEXT_HEAD, o.context[i].len);
        bool done = context_break(r, &data, (uint32_t)window_get(m, at, 2));
        window_close(m, &data);
        if (!done)
            value_change(r, m, &length, false);
        break;
    }
    }
}

/* What is too short to be either is made one of the two. */
void negotiate_change(rng *r, window *m)
{
    bool response = m->size > HEADER_LEN ? window_get(m, 64, 2) & 1 : rng_one_in(r, 2);
    negotiate_change_as(r, m, rng_one_in(r, 32) ? !response : response);
}

void negotiate_change_as(rng *r, window *m, bool response)
{
    if (m->size < (response ? (size_t)RESPONSE_FIXED : (size_t)REQUEST_FIXED) || rng_one_in(r, 32))
        start(r, m, response);
    outline o;
    outline_read(&o, m);
    bool fixed =
        m->size >= (o.response ? (size_t)RESPONSE_FIXED : (size_t)REQUEST_FIXED); /* no: there is no room for it */
    size_t pick = rng_below(r, 16);
    if (!fixed || pick == 0)
        bytes_change(r, m);
    else if (pick < 6)
        change_contexts(r, m, &o);
    else if (pick < 10 && o.count)
        change_inside(r, m, &o);
    else if (pick < 12 && o.response)
        change_buffer(r, m, &o);
    else if (pick < 13)
        change_dialects(r, m, &o);
    else if (pick < 15)
        fixed_value(r, m, o.response);
    else
        header_value(r, m);
    if (!rng_one_in(r, 4)) {
        outline_repair(m);
        DID(repair);
    }
    if (rng_one_in(r, 3))
        break_one(r, m);
}

/* A context of the other message comes into this one, or all of them replace this one's. */
void negotiate_splice(rng *r, window *m, const window *other)
{
    outline o, from;
    outline_read(&o, m);
    outline_read(&from, other);
    if (!from.count || m->size < REQUEST_FIXED)
        return;
    size_t i = rng_below(r, from.count), at = from.context[i].at, end = after(other, &from, i), added = 1;
    if (rng_one_in(r, 4)) {
        at = from.context[0].at;
        end = window_least(from.end, other->size);
        added = from.count;
        o.count = 0;
        o.end = o.list_end;
    }
    window_resize(m, window_align8(o.end));
    size_t first = o.count ? o.context[0].at : m->size;
    if (window_insert_bytes(m, m->size, other->data + at, end - at))
        o.count += added;
    window_put(m, o.response ? 70 : 96, 2, o.count);
    window_put(m, o.response ? 124 : 92, 4, first);
    outline_repair(m);
    DID(splice);
}

const mutator_kind mutator_negotiate = {"negotiate", NULL, negotiate_change, negotiate_splice, NULL, 0};
