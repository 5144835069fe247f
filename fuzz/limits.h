/* SPDX-License-Identifier: Apache-2.0 */
/* What every input of a target must keep to: the row of fuzz/targets.bzl, for the code that runs inputs. */
#ifndef FUZZ_LIMITS_H
#define FUZZ_LIMITS_H

#include <stddef.h>

typedef struct fuzz_limits {
    size_t max_len;             /* bytes of an input */
    size_t memory;              /* bytes that an input may need at a time */
    unsigned timeout_seconds;   /* what takes longer hangs */
    unsigned slow_milliseconds; /* of processor time, in this build: see limits.c */
} fuzz_limits;

extern const fuzz_limits fuzz_limit;

#endif
