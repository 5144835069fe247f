/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA-256 of many messages by a SHA-256 that puts blocks of several messages in at once, a lane each. */
#ifndef COUNTERSIGN_CRYPTO_HMAC_LANES_X86_H
#define COUNTERSIGN_CRYPTO_HMAC_LANES_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../include/countersign/signer_state.h"
#include "message_blocks_x86.h"

enum { HMAC_LANES_MAX = 16 };

/* csign_hmac_lane: a message on its way. A backend reads hash, run and job, and writes hash and job->mac. */
typedef struct csign_hmac_lane {
    struct csign_hmac_lane_secrets {
        uint32_t hash[8];
        /* The header's block, and what is put together of the message; or the outer hash's block. */
        uint8_t buffer[MESSAGE_HEADER + MESSAGE_BLOCKS_BUFFER];
    } secret;
    const uint8_t *run; /* the blocks that come next */
    csign_mac_job *job;
    size_t count; /* of blocks in the run */
    bool outer;   /* the inner digest is what is being hashed */
    csign_message_blocks message;
} csign_hmac_lane;

/* csign_hmac_lane_outer: the hash value with which a lane's outer hash begins. */
static inline const uint32_t *csign_hmac_lane_outer(const csign_hmac_lane *lane)
{
    return ((const csign_hmac_key *)lane->job->key)->outer;
}

/* csign_hmac_lane_start_outer: behind the last block of the message, the run is the outer hash's block; csign_hmac_lane_finish: behind
   that, the MAC. */
void csign_hmac_lane_start_outer(csign_hmac_lane *lane);
void csign_hmac_lane_finish(csign_hmac_lane *lane);

/* csign_hmac_compress puts into each lane's hash value count blocks of its run. If these are the last of all messages, it goes on to
   their MACs, without the way over memory; the hash values are then of no more use. */
typedef void csign_hmac_compress(csign_hmac_lane *const *lanes, size_t count, bool last);

/* csign_hmac_alone computes the MAC of one job. Nothing secret is left on the stack. */
void csign_hmac_alone(csign_hmac_compress *one, csign_mac_job *job);

/* csign_hmac_lanes computes the MACs of jobs. A backend has one to three ways, the widest first and the last one of one lane: compress takes
   width lanes, the same one several times if there are fewer messages, and is worth while from lanes_min on. A lane whose message ends
   takes the next. Nothing secret is left on the stack. */
typedef struct csign_hmac_way {
    csign_hmac_compress *compress;
    size_t width, lanes_min;
} csign_hmac_way;
typedef struct csign_hmac_kernel {
    csign_hmac_way ways[3];
    void (*wipe_stack)(void); /* csign_wipe_stack, or what goes as deep as the backend */
} csign_hmac_kernel;
void csign_hmac_lanes(const csign_hmac_kernel *kernel, csign_mac_job *const *jobs, size_t count);

#endif
