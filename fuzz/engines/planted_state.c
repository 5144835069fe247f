/* SPDX-License-Identifier: Apache-2.0 */
/* A target whose outcome depends on how many inputs came before. No target of the table: replaying it backward or apart must tell,
   and AFL++ must call it unstable. Twice in a row it says the same, so that running an input twice does not betray it. */
#include "../fuzz.h"

static unsigned inputs;

/* One function for each turn, for what AFL++ sees is code that runs or does not. */
static void first_turn(void)
{
    fuzz_outcome_number(1);
}

static void second_turn(void)
{
    fuzz_outcome_number(2);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_outcome(input, size);
    if (inputs++ / 2 % 2)
        second_turn();
    else
        first_turn();
}

const fuzz_target fuzz_this = {"planted_state", NULL, one};
