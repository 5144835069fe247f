/* SPDX-License-Identifier: Apache-2.0 */
/* The backend "avx512": as "avx2", but sixteen messages side by side. */
#include "backend_x86.h"
#include "build.h"
#include "cpu.h"
#include "wipe.h"

#if defined(CSIGN_HAVE_AVX512)

static void hmac_batch(csign_mac_job *const *jobs, size_t count)
{
    static const csign_hmac_kernel kernel = {{{csign_hmac_lanes_avx512, 16, 4}, {csign_hmac_lane_bmi, 1, 1}},
                                             csign_wipe_stack_deep};
    csign_hmac_lanes(&kernel, jobs, count);
}

const csign_backend csign_backend_avx512 = {
    .name = "avx512",
    .needs = CSIGN_CPU_AVX2 | CSIGN_CPU_BMI | CSIGN_CPU_AVX512,
    .hmac_key = csign_hmac_key_bmi,
    .hmac = csign_hmac_bmi,
    .hmac_batch = hmac_batch,
    .sha512_blocks = csign_sha512_avx2,
};

#endif
