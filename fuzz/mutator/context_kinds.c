/* SPDX-License-Identifier: Apache-2.0 */
/* The Data of one type of context as an input of its own, behind control bytes: the context_* targets. */
#include "mutator.h"
#include "operations.h"
#include "parts.h"

static void change(rng *r, window *data, uint32_t type)
{
    bool response = rng_one_in(r, 2);
    size_t pick = rng_below(r, 16);
    if (!data->size || pick == 0)
        context_build(r, data, type, response);
    else if (pick == 1)
        bytes_change(r, data);
    else if (pick == 2)
        window_resize(data, data->size - window_least(data->size, 1 + rng_below(r, 9)));
    else
        context_change(r, data, type, response);
    if (rng_one_in(r, 4))
        context_break(r, data, type);
}

/* The end of the other Data behind this one, or in the place of its end. */
static void splice(rng *r, window *data, const window *other)
{
    size_t at = rng_below(r, data->size + 1), from = rng_below(r, other->size + 1);
    if (rng_one_in(r, 2))
        window_resize(data, at);
    window_insert_bytes(data, data->size, other->data + from, window_least(other->size - from, data->max - data->size));
    DID(splice);
}

#define KIND(which, type)                                                                                              \
    static void change_##which(rng *r, window *data)                                                                   \
    {                                                                                                                  \
        change(r, data, type);                                                                                         \
    }                                                                                                                  \
    const mutator_kind mutator_context_##which = {"context_" #which, NULL, change_##which, splice, NULL, 0};

KIND(preauth, 1)
KIND(encryption, 2)
KIND(compression, 3)
KIND(netname, 5)
KIND(transport, 6)
KIND(rdma, 7)
KIND(signing, 8)
KIND(posix, 0x100)
