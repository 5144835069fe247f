/* SPDX-License-Identifier: Apache-2.0 */
/* The backend "vaes-avx512": x86-64 with VAES, VPCLMULQDQ and AVX-512. */
#include "backend_x86.h"
#include "build.h"
#include "cpu.h"

#if defined(CSIGN_HAVE_VAES_AVX512)

const csign_backend csign_backend_vaes_avx512 = {
    .name = "vaes-avx512",
    .needs =
        CSIGN_CPU_AESNI | CSIGN_CPU_PCLMUL | CSIGN_CPU_AVX2 | CSIGN_CPU_VAES | CSIGN_CPU_VPCLMUL | CSIGN_CPU_AVX512,
    .cmac_key = csign_cmac_key_aesni,
    .cmac = csign_cmac_vaes_avx512,
    .cmac_batch = csign_cmac_batch_vaes_avx512,
    .cmac_alike = csign_cmac_alike_vaes_avx512,
    .gmac_key = csign_gmac_key_vaes_avx512,
    .gmac = csign_gmac_vaes_avx512,
    .gmac_alike = csign_gmac_alike_vaes_avx512,
};

#endif
