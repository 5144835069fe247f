/* SPDX-License-Identifier: Apache-2.0 */
/* The backend "avx2": HMAC-SHA-256 (RFC 2104, FIPS 198-1) and SHA-512 for x86-64 with AVX2 and BMI but without the SHA extensions. Eight
   messages side by side, or one. */
#include "backend_x86.h"
#include "build.h"
#include "cpu.h"
#include "hmac.h"
#include "sha256.h"
#include "wipe.h"

#if defined(CSIGN_HAVE_AVX2)

void csign_hmac_key_bmi(csign_hmac_key *out, csign_bytes key)
{
    uint8_t inner[64], outer[64];
    csign_hmac_pads(inner, outer, key);
    memcpy(out->inner, csign_sha256_initial, sizeof out->inner);
    memcpy(out->outer, csign_sha256_initial, sizeof out->outer);
    csign_sha256_bmi(out->inner, inner, 1);
    csign_sha256_bmi(out->outer, outer, 1);
    csign_wipe(inner, sizeof inner);
    csign_wipe(outer, sizeof outer);
    csign_wipe_stack();
}

void csign_hmac_lane_bmi(csign_hmac_lane *const *lanes, size_t count, bool last)
{
    csign_hmac_lane *const lane = lanes[0];
    csign_sha256_bmi(lane->secret.hash, lane->run, count);
    if (last) {
        csign_hmac_lane_start_outer(lane);
        csign_sha256_bmi(lane->secret.hash, lane->run, 1);
        csign_hmac_lane_finish(lane);
    }
}

void csign_hmac_bmi(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message)
{
    csign_mac_job job = {.key = key, .message = *message};
    csign_hmac_alone(csign_hmac_lane_bmi, &job);
    memcpy(mac, job.mac, sizeof job.mac);
    csign_wipe(job.mac, sizeof job.mac);
}

static void hmac_batch(csign_mac_job *const *jobs, size_t count)
{
    static const csign_hmac_kernel kernel = {{{csign_hmac_lanes_avx2, 8, 4}, {csign_hmac_lane_bmi, 1, 1}},
                                             csign_wipe_stack_deep};
    csign_hmac_lanes(&kernel, jobs, count);
}

const csign_backend csign_backend_avx2 = {
    .name = "avx2",
    .needs = CSIGN_CPU_AVX2 | CSIGN_CPU_BMI,
    .hmac_key = csign_hmac_key_bmi,
    .hmac = csign_hmac_bmi,
    .hmac_batch = hmac_batch,
    .sha512_blocks = csign_sha512_avx2,
};

#endif
