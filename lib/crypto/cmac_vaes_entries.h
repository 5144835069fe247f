/* SPDX-License-Identifier: Apache-2.0 */
/* The CMAC entries of the two backends with VAES, which differ in the instructions and registers that a compiler may use: cmac_vaes.c and
   cmac_vaes_avx512.c say which, as TARGET, and how the entries are called, as ENTRY, and include this. One message is as with AES-NI, since
   no width shortens its chain; sixteen go at once (NIST SP 800-38B section 6.2). */
#include "backend_x86.h"
#include "cmac_alike.h"

TARGET __attribute__((noinline)) static void any_message(const csign_cmac_key *key, uint8_t tag[16],
                                                         const csign_message *message)
{
    cmac_any_message(key, tag, message);
}

TARGET void ENTRY(csign_cmac)(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
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
        cmac_lane_blocks(lanes, count, (lane_keys){&lanes->key[0]->aes, NULL});
    } else {
        cmac_lane_blocks(lanes, count, (lane_keys){NULL, (const uint8_t(*)[VAES_LANES][16])lanes->round_keys});
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

/* csign_wipe_stack_deep with registers as wide as the backend's, which take half the stores. */
TARGET __attribute__((noinline)) static void wipe_stack_deep(void)
{
    uint8_t below[WIPE_DEEP];
    csign_wipe(below, sizeof below);
}

/* What the compiler keeps on the stack: of one key a register or two, of sixteen most. */
void ENTRY(csign_cmac_alike)(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len,
                             size_t count, uint8_t tags[16][16])
{
    (void)count; /* fewer than sixteen take as long */
    if (cmac_one_key(key, VAES_LANES)) {
        one_key(key, message, len, tags);
        csign_wipe_stack();
    } else {
        keys_each(key, message, len, tags);
        wipe_stack_deep();
    }
}

void ENTRY(csign_cmac_batch)(csign_mac_job *const *jobs, size_t count)
{
    csign_cmac_lanes_run(VAES_LANES, blocks, jobs, count);
}
