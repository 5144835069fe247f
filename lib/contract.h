/* SPDX-License-Identifier: Apache-2.0 */
/* Loop contracts for the prover (formal/README.md). They stand in the source that is shipped, because a proof about a copy is
   a proof about a copy, and are nothing at all to a compiler: only the prover's run defines CSIGN_CBMC. */
#ifndef COUNTERSIGN_CONTRACT_H
#define COUNTERSIGN_CONTRACT_H

#ifdef CSIGN_CBMC

/* CSIGN_LOOP stands between a loop's head and its body: ((what it assigns), what holds each time, what grows smaller). */
#define CSIGN_LOOP(assigns, invariant, decreases)                                                                      \
    __CPROVER_assigns assigns __CPROVER_loop_invariant(invariant) __CPROVER_decreases(decreases)

/* Whether size bytes at p lie inside a message; an empty view may point anywhere. */
#define CSIGN_INSIDE(p, size, message)                                                                                 \
    ((size) == 0 ||                                                                                                    \
     (__CPROVER_same_object(p, (message).data) && (size) <= (message).len &&                                           \
      __CPROVER_POINTER_OFFSET(p) >= __CPROVER_POINTER_OFFSET((message).data) &&                                       \
      __CPROVER_POINTER_OFFSET(p) - __CPROVER_POINTER_OFFSET((message).data) <= (message).len - (size)))
#define CSIGN_LIST_INSIDE(list, message) ((list).count <= 65535 && CSIGN_INSIDE((list).data, 2 * (list).count, message))

/* Whether all views of parsed contexts lie inside the message. */
#define CSIGN_VIEWS_INSIDE(contexts, message)                                                                          \
    (CSIGN_LIST_INSIDE((contexts)->preauth_hashes, message) &&                                                         \
     CSIGN_INSIDE((contexts)->preauth_salt.data, (contexts)->preauth_salt.len, message) &&                             \
     CSIGN_LIST_INSIDE((contexts)->ciphers, message) &&                                                                \
     CSIGN_LIST_INSIDE((contexts)->compression_algorithms, message) &&                                                 \
     CSIGN_INSIDE((contexts)->netname.data, (contexts)->netname.len, message) &&                                       \
     CSIGN_LIST_INSIDE((contexts)->rdma_transforms, message) &&                                                        \
     CSIGN_LIST_INSIDE((contexts)->signing_algorithms, message) &&                                                     \
     CSIGN_INSIDE((contexts)->posix.data, (contexts)->posix.len, message))

#else

#define CSIGN_LOOP(assigns, invariant, decreases)

#endif

#endif
