/* SPDX-License-Identifier: Apache-2.0 */
/* Structure-aware mutation of SMB2 messages for libFuzzer and AFL++: one code for both, with glue in libfuzzer.c and afl.c. A mutant
   is a function of the input, the room for it and the seed. Any bytes are taken; nothing is read or written outside; no message
   is stored, only fields and rules to put them together. README.md says what it does. */
#ifndef FUZZ_MUTATOR_MUTATOR_H
#define FUZZ_MUTATOR_MUTATOR_H

#include "random.h"
#include "window.h"

/* One kind of input: the first field of `mutator` in fuzz/targets.bzl. */
typedef struct mutator_kind {
    const char *name;
    size_t (*prefix)(const window *input, size_t prefix); /* where the message begins, when the input itself says so */
    void (*change)(rng *r, window *message);
    void (*splice)(rng *r, window *message, const window *other); /* a part of other comes in */
    void (*settle)(rng *r, window *input, size_t prefix); /* after every mutation, the engine's own too: signatures */
    size_t control_one_in; /* how often a control field is changed instead of the message; 0: one in 8 */
} mutator_kind;

#define MUTATOR_KINDS(X)                                                                                               \
    X(negotiate)                                                                                                       \
    X(pair)                                                                                                            \
    X(blocks)                                                                                                          \
    X(jobs)                                                                                                            \
    X(compound)                                                                                                        \
    X(capture)                                                                                                         \
    X(conversation)                                                                                                    \
    X(signed)                                                                                                          \
    X(context_preauth)                                                                                                 \
    X(context_encryption)                                                                                              \
    X(context_compression)                                                                                             \
    X(context_netname)                                                                                                 \
    X(context_transport)                                                                                               \
    X(context_rdma)                                                                                                    \
    X(context_signing)                                                                                                 \
    X(context_posix)
#define X(name) extern const mutator_kind mutator_##name;
MUTATOR_KINDS(X)
#undef X

/* What a target's inputs are: `mutator` of fuzz/targets.bzl. */
typedef struct mutator_form {
    const mutator_kind *kind;
    size_t prefix; /* bytes of control fields before the message */
} mutator_form;

/* The engine's own mutation of size bytes in place, which may grow to max_size: LLVMFuzzerMutate. */
typedef size_t (*mutator_engine)(uint8_t *data, size_t size, size_t max_size);

/* Mutates size bytes in place, where there is room for max_size; returns the new size, which is 0 only if max_size is. An input
   longer than max_size is cut first. engine may be NULL; if not, one mutation in four is its. */
size_t mutator_mutate(const mutator_form *form, uint8_t *data, size_t size, size_t max_size, uint64_t seed,
                      mutator_engine engine);

/* Makes one input of two, in out, which has room for max_size; returns its size. out must not overlap a or b. */
size_t mutator_cross(const mutator_form *form, uint8_t *out, size_t max_size, const uint8_t *a, size_t a_size,
                     const uint8_t *b, size_t b_size, uint64_t seed);

#endif
