/* SPDX-License-Identifier: Apache-2.0 */
/* See wipe.h. The deepest frames are those of SHA-512, with 640 bytes of message schedule, and of AES, with most of its circuit.
   Not inlined: its frame must lie where theirs were. */
#include "wipe.h"

#if defined(__GNUC__) || defined(__clang__)
__attribute__((noinline))
#endif
void csign_wipe_stack(void)
{
    uint8_t below[1024];
    csign_wipe(below, sizeof below);
}

#if defined(__GNUC__) || defined(__clang__)
__attribute__((noinline))
#endif
void csign_wipe_stack_deep(void)
{
    uint8_t below[WIPE_DEEP];
    csign_wipe(below, sizeof below);
}
