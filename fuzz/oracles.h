/* SPDX-License-Identifier: Apache-2.0 */
/* The oracles as fuzz targets use them: diff_* of //oracle compare a value with every oracle's and report all of them when one
   differs; then the target's property `WHO is what every oracle computes` is broken. */
#ifndef FUZZ_ORACLES_H
#define FUZZ_ORACLES_H

#include "fuzz.h"
#include "oracle/diff.h"
#include "oracle/smb3.h"

/* A target's `start`. */
void oracles_start(void);

static inline struct diff_bytes fuzz_diff(csign_bytes b)
{
    return (struct diff_bytes){b.data, b.len};
}

#endif
