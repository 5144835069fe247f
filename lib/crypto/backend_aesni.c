/* SPDX-License-Identifier: Apache-2.0 */
/* The backend "aesni": x86-64 with AES-NI and PCLMULQDQ. */
#include "backend_x86.h"
#include "build.h"
#include "cpu.h"

#if defined(CSIGN_HAVE_AESNI)

const csign_backend csign_backend_aesni = {
    .name = "aesni",
    .needs = CSIGN_CPU_AESNI | CSIGN_CPU_PCLMUL,
    .cmac_key = csign_cmac_key_aesni,
    .cmac = csign_cmac_aesni,
    .cmac_batch = csign_cmac_batch_aesni,
    .cmac_alike = csign_cmac_alike_aesni,
    .gmac_key = csign_gmac_key_aesni,
    .gmac = csign_gmac_aesni,
};

#endif
