/* SPDX-License-Identifier: Apache-2.0 */
/* New values for a field that know what kind of field it is: ids at and beside the known ones, lengths and counts at and beside
   the boundaries, flags a bit at a time. */
#ifndef FUZZ_MUTATOR_VALUES_H
#define FUZZ_MUTATOR_VALUES_H

#include "random.h"
#include "window.h"

/* The values that a field of ids knows. */
typedef struct known {
    const uint32_t *ids;
    size_t count;
} known;

extern const known known_dialects, known_commands, known_statuses, known_types;

typedef enum field_kind { FIELD_ANY, FIELD_ID, FIELD_LENGTH, FIELD_FLAGS } field_kind;

typedef struct field {
    uint16_t at;
    uint8_t width;
    field_kind kind;
    const known *known; /* of a FIELD_ID */
} field;

/* An id: mostly a known one, sometimes the one beside it, sometimes any. */
uint32_t value_id(rng *r, const known *known);

/* A length, a count or an offset: beside `now`, a power of two or its neighbour, nothing, everything. */
uint64_t value_length(rng *r, uint64_t now, size_t width);

/* A few bytes in one piece: small numbers and boundaries of blocks more often than others; at most 1,200. */
size_t value_size(rng *r);

/* Gives a field of w another value by its kind; big-endian if be. */
void value_change(rng *r, window *w, const field *f, bool be);

/* Fills [at, at + count) with random bytes. */
void value_fill(rng *r, window *w, size_t at, size_t count);

#endif
