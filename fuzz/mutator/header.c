/* SPDX-License-Identifier: Apache-2.0 */
/* The SMB2 header, MS-SMB2 2.2.1, and bytes of no known meaning. */
#include "operations.h"
#include "parts.h"

static const uint32_t protocols[] = {0x424D53FE, 0x424D53FD, 0x424D53FC, 0x424D53FF};
static const known known_protocols = {protocols, 4};

static const field fields[] = {
    {0, 4, FIELD_ID, &known_protocols}, {4, 2, FIELD_LENGTH, NULL},         {6, 2, FIELD_ANY, NULL},
    {8, 4, FIELD_ID, &known_statuses},  {12, 2, FIELD_ID, &known_commands}, {14, 2, FIELD_ANY, NULL},
    {16, 4, FIELD_FLAGS, NULL},         {20, 4, FIELD_LENGTH, NULL},        {24, 8, FIELD_ANY, NULL},
    {32, 4, FIELD_ANY, NULL},           {36, 4, FIELD_ANY, NULL},           {40, 8, FIELD_ANY, NULL},
    {48, 8, FIELD_ANY, NULL},           {56, 8, FIELD_ANY, NULL},
};

void header_value(rng *r, window *m)
{
    value_change(r, m, &fields[rng_below(r, sizeof fields / sizeof *fields)], false);
    DID(header_value);
}

void header_start(rng *r, window *m, bool response)
{
    if (m->size < HEADER_LEN)
        window_resize(m, HEADER_LEN);
    window_put(m, 0, 4, protocols[0]);
    window_put(m, 4, 2, HEADER_LEN);
    window_put(m, 12, 2, value_id(r, &known_commands));
    window_put(m, 16, 4, response);
    window_put(m, 20, 4, 0);
    window_put(m, 24, 8, 1 + rng_below(r, 9));
    window_put(m, 40, 8, 1 + rng_below(r, 9));
    DID(start);
}

void bytes_change(rng *r, window *m)
{
    size_t at = rng_below(r, m->size + 1), count = 1 + rng_below(r, rng_one_in(r, 4) ? 40 : 4);
    switch (rng_below(r, 4)) {
    case 0:
        window_put(m, at, 1, window_get(m, at, 1) ^ UINT64_C(1) << rng_below(r, 8));
        break;
    case 1:
        value_fill(r, m, at, count);
        break;
    case 2:
        if (window_insert(m, at, count))
            value_fill(r, m, at, count);
        break;
    default:
        window_remove(m, at, count);
        break;
    }
    DID(bytes);
}
