/* SPDX-License-Identifier: Apache-2.0 */
/* The window of MessageIds that the peer may use (MS-SMB2 3.3.1.1, 3.3.1.2, 3.3.5.2.3): what was granted, and what of it was used. */
#ifndef SERVER_CREDITS_H
#define SERVER_CREDITS_H

#include <stdbool.h>
#include <stdint.h>

#define MAX_CREDITS 8192u

struct credits {
    uint64_t low;                      /* the lowest MessageId that is not used */
    uint32_t range;                    /* ids from low on that were granted, used ones included */
    uint32_t granted;                  /* and not used */
    uint8_t used[2 * MAX_CREDITS / 8]; /* ring of bits, by MessageId modulo 2 * MAX_CREDITS */
};

/* credits_init: MessageId 0 is granted. */
void credits_init(struct credits *credits);
/* credits_use takes charge ids from first on. false: one was not granted or is used already. */
bool credits_use(struct credits *credits, uint64_t first, uint32_t charge);
/* credits_grant gives up to wanted, at least 1 if the peer would have none left; returns how many. */
uint16_t credits_grant(struct credits *credits, uint16_t wanted);

#endif
