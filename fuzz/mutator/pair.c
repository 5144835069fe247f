/* SPDX-License-Identifier: Apache-2.0 */
/* A request and its answer in one input, the request's length u16 (modulo 512) before them: negotiate_accept. Each is changed as a
   NEGOTIATE message; and since an answer is only taken when it fits what was asked, an id of one sometimes goes to the other. */
#include "mutator.h"
#include "operations.h"
#include "parts.h"

enum { LENGTH = 2, REQUEST_MAX = 511 };

static size_t request_len(const window *m)
{
    return window_least((size_t)window_get(m, 0, LENGTH) % (REQUEST_MAX + 1), m->size - window_least(m->size, LENGTH));
}

/* The first ids of the same type of context become the same. */
static void agree(rng *r, window *m, size_t answer)
{
    window q = {m->data + LENGTH, answer - LENGTH, answer - LENGTH},
           s = {m->data + answer, m->size - answer, m->size - answer};
    outline asked, given;
    outline_read(&asked, &q);
    outline_read(&given, &s);
    if (!asked.count || !given.count)
        return;
    size_t i = rng_below(r, given.count), type = (size_t)window_get(&s, given.context[i].at, 2);
    size_t ids = 8 + (type == 1 ? 4u : type == 3 || type == 7 ? 8u : 2u);
    for (size_t k = 0; k < asked.count; k++)
        if (window_get(&q, asked.context[k].at, 2) == type) {
            size_t which = rng_below(r, (size_t)window_get(&q, asked.context[k].at + 8, 2));
            window_put(&s, given.context[i].at + ids, 2, window_get(&q, asked.context[k].at + ids + 2 * which, 2));
        }
    DID(agree);
}

static void pair_change(rng *r, window *m)
{
    if (m->size < LENGTH)
        window_resize(m, LENGTH);
    if (m->size < LENGTH)
        return;
    size_t len = request_len(m), pick = rng_below(r, 8);
    if (pick == 0 && m->size > LENGTH + len) {
        agree(r, m, LENGTH + len);
        return;
    }
    bool request = pick < 4;
    window message = window_open(m, request ? LENGTH : LENGTH + len, request ? len : m->size - LENGTH - len);
    negotiate_change_as(r, &message, !request);
    if (request && message.size > REQUEST_MAX)
        window_resize(&message, REQUEST_MAX);
    len = request ? message.size : len;
    window_close(m, &message);
    window_put(m, 0, LENGTH, len);
}

/* The other's answer for this one's, or a context of it. */
static void pair_splice(rng *r, window *m, const window *other)
{
    size_t at = LENGTH + request_len(m), from = LENGTH + request_len(other);
    if (m->size < at || other->size < from)
        return;
    window theirs = {other->data + from, other->size - from, other->size - from};
    window answer = window_open(m, at, m->size - at);
    if (rng_one_in(r, 2)) {
        window_resize(&answer, 0);
        window_insert_bytes(&answer, 0, theirs.data, window_least(theirs.size, answer.max));
        DID(splice);
    } else {
        negotiate_splice(r, &answer, &theirs);
    }
    window_close(m, &answer);
}

const mutator_kind mutator_pair = {"pair", NULL, pair_change, pair_splice, NULL, 0};
