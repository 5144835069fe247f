/* SPDX-License-Identifier: Apache-2.0 */
/* The limits of one target, compiled for each with its row of fuzz/targets.bzl as definitions. An input is slow by the processor
   time of the thread that runs it once, and the table's limit is for an optimised build without help. What else a build does for
   each input is allowed for by a factor: sanitizers, coverage in both engines' ways, no optimisation. On another machine under
   an emulator (FUZZ_EMULATED) time says nothing about the target, and only what never ends is found. */
#include "limits.h"

#include <stdint.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if defined(FUZZ_EMULATED)
enum { SLOWER = 600, PATIENCE = 60 };
#elif __has_feature(thread_sanitizer)
enum { SLOWER = 10, PATIENCE = 1 };
#elif __has_feature(memory_sanitizer)
enum { SLOWER = 6, PATIENCE = 1 };
#elif __has_feature(address_sanitizer) || !defined(__OPTIMIZE__)
enum { SLOWER = 3, PATIENCE = 1 };
#else
enum { SLOWER = 1, PATIENCE = 1 };
#endif

const fuzz_limits fuzz_limit = {
    .max_len = FUZZ_MAX_LEN,
    .memory = (size_t)FUZZ_MEMORY_MIB << 20,
    .timeout_seconds = FUZZ_TIMEOUT_SECONDS * PATIENCE,
    .slow_milliseconds = FUZZ_SLOW_MILLISECONDS * SLOWER,
};
