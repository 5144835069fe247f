/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same for every kind of input: control fields, the message behind them, the engine's turn, splicing. */
#include "mutator.h"

#include <string.h>

#include "operations.h"
#include "values.h"

unsigned long mutator_done[MUTATOR_OPERATION_COUNT];

static size_t prefix_of(const mutator_form *form, const window *input)
{
    size_t prefix = form->kind->prefix ? form->kind->prefix(input, form->prefix) : form->prefix;
    return window_least(prefix, input->size);
}

/* A control field is anything of one, two or four bytes. */
static void change_control(rng *r, window *input, size_t prefix)
{
    window control = window_open(input, 0, prefix);
    field f = {0, (uint8_t)(1u << rng_below(r, 3)), FIELD_ANY, NULL};
    f.at = (uint16_t)rng_below(r, prefix);
    value_change(r, &control, &f, false);
    window_close(input, &control);
    DID(control);
}

/* Never empty, and signed or whatever belongs to this kind. */
static size_t finish(const mutator_form *form, rng *r, window *input)
{
    if (form->kind->settle)
        form->kind->settle(r, input, form->prefix);
    if (!input->size)
        window_resize(input, 1);
    return input->size;
}

size_t mutator_mutate(const mutator_form *form, uint8_t *data, size_t size, size_t max_size, uint64_t seed,
                      mutator_engine engine)
{
    rng r = {seed};
    window input = {data, window_least(size, max_size), max_size};
    if (engine && rng_one_in(&r, 4)) {
        input.size = engine(data, input.size, max_size);
        DID(engine);
        return finish(form, &r, &input);
    }
    if (input.size < form->prefix)
        window_resize(&input, form->prefix);
    size_t prefix = prefix_of(form, &input);
    if (prefix && rng_one_in(&r, form->kind->control_one_in ? form->kind->control_one_in : 8)) {
        change_control(&r, &input, prefix);
    } else {
        window message = window_open(&input, prefix, input.size - prefix);
        form->kind->change(&r, &message);
        window_close(&input, &message);
    }
    return finish(form, &r, &input);
}

/* The beginning of a, which is there already, and the end of b. */
static void join(rng *r, window *input, const window *b)
{
    window_resize(input, rng_below(r, input->size + 1));
    size_t from = rng_below(r, b->size + 1), count = window_least(b->size - from, input->max - input->size);
    window_insert_bytes(input, input->size, b->data + from, count);
    DID(join);
}

size_t mutator_cross(const mutator_form *form, uint8_t *out, size_t max_size, const uint8_t *a, size_t a_size,
                     const uint8_t *b, size_t b_size, uint64_t seed)
{
    rng r = {seed};
    window input = {out, window_least(a_size, max_size), max_size};
    window other = {(uint8_t *)(uintptr_t)b, b_size, b_size}; /* read only */
    if (input.size)
        memcpy(out, a, input.size);
    if (rng_one_in(&r, 8)) {
        join(&r, &input, &other);
    } else {
        size_t prefix = prefix_of(form, &input), skip = prefix_of(form, &other);
        window message = window_open(&input, prefix, input.size - prefix);
        window rest = {other.data + skip, other.size - skip, other.size - skip};
        form->kind->splice(&r, &message, &rest);
        window_close(&input, &message);
    }
    return finish(form, &r, &input);
}
