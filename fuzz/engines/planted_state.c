/* SPDX-License-Identifier: Apache-2.0 */
/* A target whose outcome depends on how many inputs came before. No target of the table: replaying it backward or apart must tell,
   and AFL++ must call it unstable. Twice in a row it says the same, so that running an input twice does not betray it. */
#include "../fuzz.h"

static unsigned runs;

static void one(const uint8_t *input, size_t size)
{
    unsigned turn = runs++ / 2; /* a number for the digest, and for AFL++ code that runs or does not */
    fuzz_outcome(input, size);
    fuzz_outcome_number(turn);
    if (turn % 2)
        fuzz_outcome(input, size / 2);
}

const fuzz_target fuzz_this = {"planted_state", NULL, one};
