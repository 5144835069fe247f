/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC with VAES and the thirty-two registers of AVX-512: one message as with AES-NI, whose chain no width shortens, and sixteen at once (NIST SP 800-38B section 6.2). */
#include "backend_x86.h"
#include "cmac_alike.h"

#if defined(CSIGN_HAVE_VAES_AVX512)

#define TARGET __attribute__((target(VAES_TARGET ",avx512f,avx512vl,avx512bw,avx512dq")))

TARGET __attribute__((noinline)) static void any_message(const csign_cmac_key *key, uint8_t tag[16],
                                                         const csign_message *message)
{
    cmac_any_message(key, tag, message);
}

TARGET void csign_cmac_vaes_avx512(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    if (message->header != NULL && message->part_count == 1) {
        cmac_whole_message(key, tag, message->header, message->parts[0]);
    } else {
        any_message(key, tag, message);
    }
}

TARGET static void blocks(csign_cmac_lanes *lanes, size_t count)
{
    if (lanes->one_key) {
        cmac_lane_blocks(lanes, count, true);
    } else {
        cmac_lane_blocks(lanes, count, false);
    }
}

TARGET __attribute__((noinline)) static void one_key(const csign_cmac_key *const key[16],
                                                     const uint8_t *const message[16], size_t len, uint8_t tags[16][16])
{
    alike_one_key(key, message, len, tags);
}

TARGET __attribute__((noinline)) static void
keys_each(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len, uint8_t tags[16][16])
{
    alike_keys_each(key, message, len, tags);
}

/* What the compiler keeps on the stack: of one key a register or two, of sixteen most. */
void csign_cmac_alike_vaes_avx512(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                                  uint8_t tags[16][16])
{
    if (alike_have_one_key(key)) {
        one_key(key, message, len, tags);
        csign_wipe_stack();
    } else {
        keys_each(key, message, len, tags);
        csign_wipe_stack_deep();
    }
}

void csign_cmac_batch_vaes_avx512(csign_mac_job *const *jobs, size_t count)
{
    csign_cmac_lanes_run(VAES_LANES, blocks, jobs, count);
}

#endif
