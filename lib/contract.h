/* SPDX-License-Identifier: Apache-2.0 */
/* Loop contracts for the prover (formal/README.md). They stand in the source that is shipped, because a proof about a copy is
   a proof about a copy, and are nothing at all to a compiler: only the prover's run defines CSIGN_CBMC. */
#ifndef COUNTERSIGN_CONTRACT_H
#define COUNTERSIGN_CONTRACT_H

#ifdef CSIGN_CBMC

/* CSIGN_LOOP stands between a loop's head and its body: ((what it assigns), what holds each time, what grows smaller). */
#define CSIGN_LOOP(assigns, invariant, decreases)                                                                      \
    __CPROVER_assigns assigns __CPROVER_loop_invariant(invariant) __CPROVER_decreases(decreases)

#else

#define CSIGN_LOOP(assigns, invariant, decreases)

#endif

#endif
