/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and searching the id lists of NEGOTIATE messages (MS-SMB2 2.2.3, 2.2.3.1). */
#include "u16_list.h"

#include "../contract.h"
#include "../octets.h"

uint16_t csign_u16_at(csign_u16_list list, size_t index)
{
    return index < list.count ? csign_load_le16(list.data + 2 * index) : 0;
}

bool csign_u16_contains(csign_u16_list list, uint16_t id)
{
    bool found = false;
    for (size_t i = 0; i < list.count; i++)
        CSIGN_LOOP((i, found), i <= list.count, list.count - i)
        {
            found |= csign_u16_at(list, i) == id;
        }
    return found;
}
