/* SPDX-License-Identifier: Apache-2.0 */
#include "values.h"

#include "operations.h"

static const uint32_t dialects[] = {0x0311, 0x0302, 0x0300, 0x0210, 0x0202, 0x02FF};
static const uint32_t commands[] = {0, 1, 2, 3, 5, 9, 0x0C, 0x0D, 0x12};
static const uint32_t statuses[] = {0, 0x103, 0xC0000016, 0xC0000022, 0xC000000D};
static const uint32_t types[] = {1, 2, 3, 5, 6, 7, 8, 0x100};

#define KNOWN(ids) {ids, sizeof(ids) / sizeof(ids)[0]}
const known known_dialects = KNOWN(dialects), known_commands = KNOWN(commands), known_statuses = KNOWN(statuses),
            known_types = KNOWN(types);

uint32_t value_id(rng *r, const known *known)
{
    uint32_t id = known->ids[rng_below(r, known->count)];
    switch (rng_below(r, 8)) {
    case 0:
        return id + 1 - 2 * (uint32_t)rng_below(r, 2);
    case 1:
        return rng_one_in(r, 2) ? (uint32_t)rng_next(r) : id ^ 1u << rng_below(r, 16);
    default:
        return id;
    }
}

uint64_t value_length(rng *r, uint64_t now, size_t width)
{
    uint64_t all = width < 8 ? (UINT64_C(1) << 8 * width) - 1 : UINT64_MAX, power = UINT64_C(1)
                                                                                    << rng_below(r, 8 * width);
    switch (rng_below(r, 10)) {
    case 0:
        return now + 1;
    case 1:
        return now - 1;
    case 2:
        return now + 1 + rng_below(r, 16);
    case 3:
        return now - 1 - rng_below(r, 16);
    case 4:
        return 0;
    case 5:
        return all - (rng_one_in(r, 2) ? rng_below(r, 17) : 0);
    case 6:
        return power + rng_below(r, 3) - 1;
    case 7:
        return now << 1;
    case 8:
        return now >> 1;
    default:
        return rng_below(r, 24);
    }
}

size_t value_size(rng *r)
{
    static const uint16_t blocks[] = {16, 32, 48, 64, 128, 192, 256, 512, 1024};
    switch (rng_below(r, 4)) {
    case 0:
        return blocks[rng_below(r, sizeof blocks / sizeof *blocks)] + rng_below(r, 3) - 1;
    case 1:
        return rng_below(r, rng_one_in(r, 4) ? 1200 : 80);
    default:
        return rng_below(r, 20);
    }
}

void value_change(rng *r, window *w, const field *f, bool be)
{
    uint64_t now = be ? window_get_be(w, f->at, f->width) : window_get(w, f->at, f->width), value;
    size_t bit = rng_below(r, 8u * f->width);
    switch (f->kind) {
    case FIELD_ID:
        value = value_id(r, f->known);
        break;
    case FIELD_LENGTH:
        value = value_length(r, now, f->width);
        break;
    case FIELD_FLAGS: /* the low bits are the ones with a meaning */
        bit = rng_one_in(r, 3) ? bit : rng_below(r, 8);
        value = rng_one_in(r, 8) ? rng_next(r) : now ^ UINT64_C(1) << bit;
        break;
    default:
        value = rng_one_in(r, 3)   ? value_length(r, now, f->width)
                : rng_one_in(r, 2) ? now ^ UINT64_C(1) << bit
                                   : rng_next(r);
        break;
    }
    if (be)
        window_put_be(w, f->at, f->width, value);
    else
        window_put(w, f->at, f->width, value);
}

void value_fill(rng *r, window *w, size_t at, size_t count)
{
    for (; count--; at++)
        window_put(w, at, 1, rng_next(r));
}
