/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the id lists that stand in messages. */
#include "../include/countersign/bytes.h"

#include "../octets.h"

uint16_t csign_u16_at(csign_u16_list list, size_t index)
{
    return index < list.count ? csign_load_le16(list.data + 2 * index) : 0;
}
