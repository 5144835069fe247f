/* SPDX-License-Identifier: Apache-2.0 */
/* A message's parts as SHA-256 takes them, in runs of whole blocks: FIPS 180-4 sections 5.1.1 and 5.2.1. Blocks are read where they lie;
   only one that the end of a part cuts, and the padding, are put together in a buffer. */
#ifndef COUNTERSIGN_CRYPTO_MESSAGE_BLOCKS_X86_H
#define COUNTERSIGN_CRYPTO_MESSAGE_BLOCKS_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message.h"

enum { MESSAGE_BLOCKS_BUFFER = 128 };

typedef struct csign_message_blocks {
    const csign_bytes *part; /* those not begun */
    size_t part_count;
    csign_bytes rest; /* of the part begun */
    uint64_t len;     /* bytes so far, those before the parts included */
    size_t used;      /* bytes that wait in the buffer */
    bool padded;
    uint8_t *buffer;
} csign_message_blocks;

/* csign_message_blocks_start begins with the parts of a message, its header left out, as what follows len bytes: a multiple of 64. The
   buffer, of MESSAGE_BLOCKS_BUFFER bytes, is whoever's called this, who wipes it: a message may be secret. */
void csign_message_blocks_start(csign_message_blocks *blocks, const csign_message *message, uint64_t len,
                                uint8_t *buffer);

/* csign_message_blocks_next gives the next run: its first block, and how many there are. A run is good until the next call. The padding
   is in the last, with which blocks->padded becomes true; after it, 0. */
size_t csign_message_blocks_next(csign_message_blocks *blocks, const uint8_t **run);

/* csign_message_blocks_end: if all that is left fits into the buffer and is of one part, it gives the last run, which is there: how many
   blocks; 0 otherwise, and nothing has changed. */
size_t csign_message_blocks_end(csign_message_blocks *blocks);

#endif
