/* SPDX-License-Identifier: Apache-2.0 */
/* Signed messages, MS-SMB2 3.1.4.1. A mutation would nearly always break the signature, and what lies behind a right one would never
   be reached; so half of all mutants, whoever made them, get the right signature for the algorithm and the key in their
   control bytes. It is made by lib/ itself, as a peer makes it: no check is weakened anywhere. A few get one that is right
   but for one bit. Control bytes: algorithm u8 (modulo 3), key 16, and what else the target has. */
#include <countersign/countersign.h>

#include "mutator.h"
#include "operations.h"
#include "parts.h"

enum { ALGORITHM = 0, KEY = 1, KEY_LEN = 16, FLAGS = 16, SIGNED_BIT = 8, SIGNATURE = 48 };

static void signed_change(rng *r, window *m)
{
    if (m->size < HEADER_LEN)
        header_start(r, m, rng_one_in(r, 2));
    window body = window_open(m, HEADER_LEN, m->size - window_least(m->size, HEADER_LEN));
    size_t pick = rng_below(r, 8);
    if (pick < 3)
        bytes_change(r, &body);
    else if (pick < 5)
        window_resize(&body, value_size(r));
    window_close(m, &body);
    if (pick < 5)
        DID(body);
    else
        header_value(r, m);
}

/* Header of this one, body of the other. */
static void signed_splice(rng *r, window *m, const window *other)
{
    size_t keep = rng_one_in(r, 2) ? HEADER_LEN : rng_below(r, m->size + 1);
    size_t from = window_least(keep, other->size);
    window_resize(m, window_least(keep, m->size));
    window_insert_bytes(m, m->size, other->data + from, window_least(other->size - from, m->max - m->size));
    DID(splice);
}

/* What a message must have so that its signature decides: 3.1.5.1. */
static void shape(rng *r, window *m)
{
    if (m->size < HEADER_LEN)
        window_resize(m, HEADER_LEN);
    window_put(m, 0, 4, 0x424D53FE);
    window_put(m, 4, 2, HEADER_LEN);
    window_put(m, 20, 4, rng_one_in(r, 4) ? m->size : 0);
    window_put(m, FLAGS, 1, window_get(m, FLAGS, 1) | SIGNED_BIT);
    if (window_get(m, 8, 4) == 0x103)
        window_put(m, 8, 4, 0); /* an interim response */
    if (window_get(m, 24, 8) == UINT64_MAX || !window_get(m, 24, 8))
        window_put(m, 24, 8, 1 + rng_below(r, 1000));
    if (!window_get(m, 40, 8))
        window_put(m, 40, 8, 1 + rng_below(r, 1000));
    DID(shape);
}

static void sign(const window *control, window *m)
{
    csign_signer signer;
    uint8_t key[KEY_LEN], tag[16];
    for (size_t i = 0; i < KEY_LEN; i++)
        key[i] = (uint8_t)window_get(control, KEY + i, 1);
    csign_bytes rest = {m->data + HEADER_LEN, m->size - HEADER_LEN};
    csign_signing_algorithm algorithm = (csign_signing_algorithm)(window_get(control, ALGORITHM, 1) % 3);
    if (csign_signer_init(&signer, algorithm, key) != CSIGN_OK ||
        csign_mac(&signer, tag, m->data, &rest, 1) != CSIGN_OK)
        return;
    window_put(m, FLAGS, 1, window_get(m, FLAGS, 1) | SIGNED_BIT);
    for (size_t i = 0; i < sizeof tag; i++)
        window_put(m, SIGNATURE + i, 1, tag[i]);
    DID(sign);
}

static void signed_settle(rng *r, window *input, size_t prefix)
{
    if (input->size < prefix)
        window_resize(input, prefix);
    window control = {input->data, window_least(prefix, input->size), window_least(prefix, input->size)};
    window m = window_open(input, prefix, input->size - window_least(input->size, prefix));
    if (!rng_one_in(r, 8) && m.max >= HEADER_LEN)
        shape(r, &m);
    bool right = rng_one_in(r, 2), nearly = !right && rng_one_in(r, 8);
    if (m.size >= HEADER_LEN && (right || nearly))
        sign(&control, &m);
    if (m.size >= HEADER_LEN && nearly) {
        size_t bit = rng_below(r, 128);
        window_put(&m, SIGNATURE + bit / 8, 1, window_get(&m, SIGNATURE + bit / 8, 1) ^ UINT64_C(1) << bit % 8);
        DID(break_signature);
    }
    window_close(input, &m);
}

const mutator_kind mutator_signed = {"signed", NULL, signed_change, signed_splice, signed_settle, 0};
