/* SPDX-License-Identifier: Apache-2.0 */
#include "credits.h"

#include <string.h>

#define RING (2u * MAX_CREDITS)

static uint8_t *byte_of(struct credits *credits, uint64_t id)
{
    return &credits->used[id % RING / 8];
}

static uint8_t bit_of(uint64_t id)
{
    return (uint8_t)(1u << id % 8);
}

void credits_init(struct credits *credits)
{
    memset(credits, 0, sizeof *credits);
    credits->range = credits->granted = 1;
}

bool credits_use(struct credits *credits, uint64_t first, uint32_t charge)
{
    if (first < credits->low || charge > credits->granted || first - credits->low > credits->range ||
        charge > credits->range - (first - credits->low))
        return false;
    for (uint64_t id = first; id < first + charge; id++)
        if (*byte_of(credits, id) & bit_of(id))
            return false;
    for (uint64_t id = first; id < first + charge; id++)
        *byte_of(credits, id) |= bit_of(id);
    credits->granted -= charge;
    while (credits->range && (*byte_of(credits, credits->low) & bit_of(credits->low))) {
        *byte_of(credits, credits->low) &= (uint8_t)~bit_of(credits->low);
        credits->low++;
        credits->range--;
    }
    return true;
}

uint16_t credits_grant(struct credits *credits, uint16_t wanted)
{
    uint32_t room = MAX_CREDITS - credits->granted;
    /* A peer that leaves a hole in its ids gets no more than the ring holds. */
    if (room > RING - credits->range)
        room = RING - credits->range;
    uint32_t grant = wanted < room ? wanted : room;
    if (!grant && !credits->granted && room)
        grant = 1;
    credits->range += grant;
    credits->granted += grant;
    return (uint16_t)grant;
}
