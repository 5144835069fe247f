/* SPDX-License-Identifier: Apache-2.0 */
/* Searching the id lists of NEGOTIATE messages. */
#ifndef COUNTERSIGN_WIRE_U16_LIST_H
#define COUNTERSIGN_WIRE_U16_LIST_H

#include <stdbool.h>

#include "../include/countersign/bytes.h"

/* csign_u16_contains says whether id is in list. Not constant time: ids are public. */
bool csign_u16_contains(csign_u16_list list, uint16_t id);

#endif
