/* SPDX-License-Identifier: Apache-2.0 */
/* The backend "sha-ni-avx512": as "sha-ni", but of a batch sixteen messages side by side in AVX-512. Two messages by the SHA extensions keep
   a core of Intel busy for 1.5 cycles a byte, since SHA256RNDS2 begins every third cycle there; sixteen in AVX-512 take 0.9. */
#include "backend_x86.h"
#include "build.h"
#include "cpu.h"
#include "wipe.h"

#if defined(CSIGN_HAVE_SHANI_AVX512)

/* Measured: fewer lanes are faster two by two. */
enum { LANES_MIN = 11 };

static void hmac_batch(csign_mac_job *const *jobs, size_t count)
{
    static const csign_hmac_kernel kernel = {
        {{csign_hmac_lanes_avx512, 16, LANES_MIN}, {csign_hmac_two_lanes_shani, 2, 2}, {csign_hmac_lane_shani, 1, 1}},
        csign_wipe_stack_deep};
    if (count < LANES_MIN) {
        csign_hmac_batch_shani(jobs, count);
    } else {
        csign_hmac_lanes(&kernel, jobs, count);
    }
}

const csign_backend csign_backend_shani_avx512 = {
    .name = "sha-ni-avx512",
    .needs = CSIGN_CPU_SHANI | CSIGN_CPU_AVX2 | CSIGN_CPU_AVX512,
    .suits = CSIGN_CPU_INTEL,
    .hmac_key = csign_hmac_key_shani,
    .hmac = csign_hmac_shani,
    .hmac_batch = hmac_batch,
};

#endif
