/* SPDX-License-Identifier: Apache-2.0 */
/* A message of any bytes behind control fields, as hashes, MACs and key derivation take it: what matters is its length beside the
   blocks' boundaries, and the bytes at its ends and at those boundaries. */
#include "mutator.h"
#include "operations.h"
#include "parts.h"

static void blocks_change(rng *r, window *m)
{
    static const uint8_t steps[] = {16, 64, 128};
    size_t step = steps[rng_below(r, 3)], count = 1 + rng_below(r, 4), at;
    DID(body);
    switch (rng_below(r, 8)) {
    case 0:
        window_resize(m, value_size(r));
        break;
    case 1:
        at = m->size;
        window_resize(m, at + value_size(r));
        value_fill(r, m, at, m->size - window_least(m->size, at));
        break;
    case 2:
    case 3:
        value_fill(r, m, 0, count);
        break;
    case 4:
        value_fill(r, m, m->size - window_least(m->size, count), count);
        break;
    case 5:
        at = step * rng_below(r, m->size / step + 1);
        value_fill(r, m, at - window_least(at, 1), 1 + count);
        break;
    default:
        bytes_change(r, m);
        break;
    }
}

static void blocks_splice(rng *r, window *m, const window *other)
{
    size_t at = rng_below(r, m->size + 1), from = rng_below(r, other->size + 1);
    size_t count = window_least(rng_below(r, other->size - from + 1), m->max - m->size);
    window_insert_bytes(m, at, other->data + from, count);
    DID(splice);
}

const mutator_kind mutator_blocks = {"blocks", NULL, blocks_change, blocks_splice, NULL, 3};
