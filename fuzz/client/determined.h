/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing but the input decides: the linker puts these before the server's chance and clock (BUILD.bazel). */
#ifndef FUZZ_CLIENT_DETERMINED_H
#define FUZZ_CLIENT_DETERMINED_H

#include <stdint.h>

#define DETERMINED_TIME UINT64_C(0x01DA000000000000) /* a FILETIME */

void determined_begin(uint64_t seed);

#endif
