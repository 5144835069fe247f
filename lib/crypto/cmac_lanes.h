/* SPDX-License-Identifier: Apache-2.0 */
/* Several CMACs at once: which block of which message comes next in which lane. The cipher is the backend's. */
#ifndef COUNTERSIGN_CRYPTO_CMAC_LANES_H
#define COUNTERSIGN_CRYPTO_CMAC_LANES_H

#include <stdbool.h>

#include "../include/countersign/signer_state.h"
#include "build.h"
#include "message.h"

enum {
    CMAC_LANES_MAX = 16,
    CMAC_GATHERED = 256 /* bytes: a message up to this length is put together, padded and masked, in the lane */
};

/* csign_cmac_lanes: what the backend reads and, in lane, what it does not. Chaining values, round keys and masked blocks are wiped. */
typedef struct csign_cmac_lanes {
    uint8_t chain[CMAC_LANES_MAX][16]; /* chaining values; the backend writes them */
    const uint8_t *at[CMAC_LANES_MAX]; /* the next blocks */
    const csign_cmac_key *key[CMAC_LANES_MAX];
    uint8_t round_keys[11][CMAC_LANES_MAX]
                      [16];      /* of each lane, if the backend asked for them and they are not all the same */
    size_t left[CMAC_LANES_MAX]; /* blocks at `at` */
    struct csign_cmac_lane {
        csign_mac_job *job; /* NULL: the lane has nothing to do */
        size_t part, from;  /* where the body goes on */
        size_t blocks;      /* of the body, still to come, without the last */
        size_t last;        /* bytes of the last block, 1..16; 0: it was given to the backend */
        size_t masked;      /* where in `gathered` the last block is: wiped, because a subkey is in it */
        uint8_t gathered[CMAC_GATHERED];
    } lane[CMAC_LANES_MAX];
    bool one_key;
} csign_cmac_lanes;

/* A backend's cipher: count blocks more in each lane, one at least. */
typedef void csign_cmac_blocks(csign_cmac_lanes *lanes, size_t count);

/* csign_cmac_lanes_run computes the MACs of jobs, longest first, in lane_count lanes. */
void csign_cmac_lanes_run(unsigned lane_count, csign_cmac_blocks *blocks, csign_mac_job *const *jobs, size_t count);

#endif
