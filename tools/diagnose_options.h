/* SPDX-License-Identifier: Apache-2.0 */
/* Which wrong signatures of a capture are searched for the mistakes behind them (diagnosis.h), and how long. */
#ifndef COUNTERSIGN_TOOLS_DIAGNOSE_OPTIONS_H
#define COUNTERSIGN_TOOLS_DIAGNOSE_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#define DIAGNOSE_SEARCHES_MAX 64u

typedef struct diagnose_options {
    uint64_t work; /* for each, as csign_claim.work; 0: none is made, and nothing is kept for any */
    /* For one session on one connection, DIAGNOSE_SEARCHES_MAX at most; later messages are compared with what these have found,
       and no more. Where nothing has ever fitted a key, it is likely not the session's, and one search is enough. */
    size_t searches;
    size_t frame; /* only of what came in this frame; 0: of all */
} diagnose_options;

#endif
