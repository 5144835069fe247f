/* SPDX-License-Identifier: Apache-2.0 */
/* The backend "vaes": x86-64 with VAES and VPCLMULQDQ on 256 bits. */
#include "backend_x86.h"
#include "build.h"
#include "cpu.h"

#if defined(CSIGN_HAVE_VAES)

const csign_backend csign_backend_vaes = {
    .name = "vaes",
    .needs = CSIGN_CPU_AESNI | CSIGN_CPU_PCLMUL | CSIGN_CPU_AVX2 | CSIGN_CPU_VAES | CSIGN_CPU_VPCLMUL,
    .cmac_key = csign_cmac_key_aesni,
    .cmac = csign_cmac_vaes,
    .cmac_batch = csign_cmac_batch_vaes,
    .cmac_alike = csign_cmac_alike_vaes,
    .gmac_key = csign_gmac_key_vaes,
    .gmac = csign_gmac_vaes,
};

#endif
