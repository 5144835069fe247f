/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC with VAES and the thirty-two registers of AVX-512: see cmac_vaes_entries.h. */
#include "build.h"

#if defined(CSIGN_HAVE_VAES_AVX512)

#define TARGET __attribute__((target(VAES_TARGET ",avx512f,avx512vl,avx512bw,avx512dq")))
#define ENTRY(name) name##_vaes_avx512
#include "cmac_vaes_entries.h"

#endif
