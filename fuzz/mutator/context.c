/* SPDX-License-Identifier: Apache-2.0 */
/* The Data of a negotiate context, MS-SMB2 2.2.3.1.1 to 2.2.3.1.7: most hold a counted list of ids behind fixed fields, one a
   salt behind the list, one flags before it. What is built is built field by field. */
#include "operations.h"
#include "parts.h"

static const uint32_t small_ids[] = {0, 1, 2, 3, 4, 5};
static const known known_small = {small_ids, 6};

enum { PREAUTH = 1, COMPRESSION = 3, NETNAME = 5, TRANSPORT = 6, POSIX = 0x100 };

/* Where the ids of a type begin; 0: it has none. */
static size_t ids_at(uint32_t type)
{
    switch (type) {
    case PREAUTH:
        return 4;
    case 2:
    case 8:
        return 2;
    case COMPRESSION:
    case 7:
        return 8;
    default:
        return 0;
    }
}

static size_t id_count(const window *d, size_t ids)
{
    return d->size < ids ? 0 : window_least((size_t)window_get(d, 0, 2), (d->size - ids) / 2);
}

static uint32_t some_id(rng *r, uint32_t type)
{
    return type == PREAUTH && !rng_one_in(r, 4) ? 1 : value_id(r, &known_small);
}

/* One more id, or one less, or the same in another order; count is what it is before. Returns the new count. */
static size_t change_list(rng *r, window *d, uint32_t type, size_t count)
{
    size_t ids = ids_at(type), which = rng_below(r, count), at = ids + 2 * which, wanted;
    switch (count ? rng_below(r, 7) : 0) {
    case 0:
        at = ids + 2 * rng_below(r, count + 1);
        if (!window_insert(d, at, 2))
            return count;
        window_put(d, at, 2, some_id(r, type));
        DID(id_insert);
        return count + 1;
    case 1:
        if (count == 1)
            return count; /* an empty list is a broken one: context_break */
        window_remove(d, at, 2);
        DID(id_drop);
        return count - 1;
    case 2:
        DID(id_duplicate);
        return count + window_double(d, at, 2);
    case 3:
        window_swap(d, ids, at, ids + 2 * count);
        DID(id_reorder);
        return count;
    case 4:
        wanted = 1 + rng_below(r, rng_one_in(r, 8) ? 300 : 12);
        for (; count < wanted && window_insert(d, ids, 2); count++)
            window_put(d, ids, 2, some_id(r, type));
        window_remove(d, ids, 2 * (count - wanted));
        DID(id_many);
        return wanted < count ? wanted : count;
    default:
        window_put(d, at, 2, some_id(r, type));
        DID(id_value);
        return count;
    }
}

static void change_salt(rng *r, window *d, size_t salt_at)
{
    window_resize(d, salt_at + (rng_one_in(r, 4) ? value_size(r) : rng_below(r, 34)));
    value_fill(r, d, salt_at, window_least(d->size - window_least(d->size, salt_at), 4));
    DID(salt);
}

static void change_flags(rng *r, window *d, uint16_t at)
{
    static const field flags = {0, 4, FIELD_FLAGS, NULL};
    field f = flags;
    f.at = at;
    value_change(r, d, &f, false);
}

static void build_plain(rng *r, window *d, uint32_t type)
{
    window_resize(d, type == TRANSPORT ? 4 : type == POSIX ? 16 * (1 + rng_below(r, 2)) : 2 * rng_below(r, 20));
    if (type == TRANSPORT)
        window_put(d, 0, 4, rng_below(r, 2));
    else if (type == POSIX)
        for (size_t at = 0; at < d->size; at += 16) {
            window_put(d, at, 8, UINT64_C(0xE711B49C5025AD93)); /* the GUID that selects POSIX extensions */
            window_put(d, at + 8, 8, UINT64_C(0x7CCD8B96DE8323B4));
        }
    else
        for (size_t at = 0; at < d->size; at += 2)
            window_put(d, at, 2, 'A' + rng_below(r, 26));
}

void context_build(rng *r, window *d, uint32_t type, bool response)
{
    size_t ids = ids_at(type), count = response ? 1 : 1 + rng_below(r, 4),
           salt = type == PREAUTH ? rng_below(r, 34) : 0;
    if (!ids) {
        build_plain(r, d, type);
        return;
    }
    window_resize(d, 0);
    window_resize(d, ids + 2 * count + salt);
    window_put(d, 0, 2, count);
    if (type == PREAUTH)
        window_put(d, 2, 2, salt);
    else if (type == COMPRESSION)
        window_put(d, 4, 4, rng_below(r, 2));
    for (size_t i = 0; i < count; i++)
        window_put(d, ids + 2 * i, 2, some_id(r, type));
    value_fill(r, d, ids + 2 * count, salt);
}

static void change_plain(rng *r, window *d, uint32_t type)
{
    if (rng_one_in(r, 3))
        build_plain(r, d, type);
    else if (type == TRANSPORT)
        change_flags(r, d, 0);
    else if (rng_one_in(r, 3))
        window_resize(d, type == POSIX ? 16 * rng_below(r, 5) : value_size(r));
    else
        bytes_change(r, d);
}

void context_change(rng *r, window *d, uint32_t type, bool response)
{
    size_t ids = ids_at(type);
    DID(context_inside);
    if (!ids || d->size < ids) {
        if (ids)
            context_build(r, d, type, response);
        else
            change_plain(r, d, type);
        return;
    }
    size_t count = id_count(d, ids), pick = rng_below(r, 8);
    if (type == PREAUTH && pick < 3) {
        change_salt(r, d, ids + 2 * count);
    } else if ((type == COMPRESSION || type == 7) && pick < 3) {
        change_flags(r, d, pick == 2 ? 2 : 4);
    } else if (pick == 3) {
        window_resize(d, d->size + 1 + rng_below(r, 8));
        DID(slack);
        return; /* SaltLength stays */
    } else {
        count = change_list(r, d, type, count);
    }
    if (response && count > 1 && !rng_one_in(r, 4)) {
        window_remove(d, ids + 2, 2 * (count - 1));
        count = 1;
    }
    window_put(d, 0, 2, count);
    if (type == PREAUTH && d->size >= ids + 2 * count)
        window_put(d, 2, 2, d->size - ids - 2 * count);
}

bool context_break(rng *r, window *d, uint32_t type)
{
    field f = {0, 2, FIELD_LENGTH, NULL};
    if (!ids_at(type))
        return false;
    if (type == PREAUTH && rng_one_in(r, 2))
        f.at = 2;
    value_change(r, d, &f, false);
    DID(break_inner_count);
    return true;
}
