/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC with 256-bit VAES: see cmac_vaes_entries.h. */
#include "build.h"

#if defined(CSIGN_HAVE_VAES)

#define TARGET __attribute__((target(VAES_TARGET)))
#define ENTRY(name) name##_vaes
#include "cmac_vaes_entries.h"

#endif
