/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC with 256-bit VAES: one message as with AES-NI, whose chain no width shortens, and sixteen at once (NIST SP 800-38B section 6.2). */
#include "backend_x86.h"
#include "cmac_vaes.h"

#if defined(CSIGN_HAVE_VAES)

#define TARGET __attribute__((target(VAES_TARGET)))

TARGET void csign_cmac_vaes(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    cmac_message(key, tag, message);
}

TARGET static void blocks(csign_cmac_lanes *lanes, size_t count)
{
    if (lanes->one_key) {
        cmac_lane_blocks(lanes, count, true);
    } else {
        cmac_lane_blocks(lanes, count, false);
    }
}

TARGET static void same_length(csign_mac_job *const *jobs, size_t count)
{
    cmac_same_length(jobs, count);
}

void csign_cmac_batch_vaes(csign_mac_job *const *jobs, size_t count)
{
    csign_cmac_lanes_batch(VAES_LANES, blocks, same_length, jobs, count);
}

#endif
