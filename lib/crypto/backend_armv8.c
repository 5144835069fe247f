/* SPDX-License-Identifier: Apache-2.0 */
/* The backends for AArch64: what processors with the cryptographic extension of Armv8.0 have, and SHA-512, which came later. */
#include "backend_armv8.h"

#include "build.h"
#include "cpu.h"

#if defined(CSIGN_HAVE_ARMV8)

const csign_backend csign_backend_armv8 = {
    .name = "armv8",
    .needs = CSIGN_CPU_ARM_AES | CSIGN_CPU_ARM_PMULL | CSIGN_CPU_ARM_SHA256,
    .cmac_key = csign_cmac_key_armv8,
    .cmac = csign_cmac_armv8,
    .cmac_batch = csign_cmac_batch_armv8,
    .gmac_key = csign_gmac_key_armv8,
    .gmac = csign_gmac_armv8,
    .gmac_batch = csign_gmac_batch_armv8,
    .hmac_key = csign_hmac_key_armv8,
    .hmac = csign_hmac_armv8,
    .hmac_batch = csign_hmac_batch_armv8,
};

#endif

#if defined(CSIGN_HAVE_ARMV8_SHA512)

const csign_backend csign_backend_armv8_sha512 = {
    .name = "armv8-sha512",
    .needs = CSIGN_CPU_ARM_SHA512,
    .sha512_blocks = csign_sha512_blocks_armv8,
};

#endif
