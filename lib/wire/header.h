/* SPDX-License-Identifier: Apache-2.0 */
/* Where the fields of the SMB2 packet header are (MS-SMB2 2.2.1). */
#ifndef COUNTERSIGN_WIRE_HEADER_H
#define COUNTERSIGN_WIRE_HEADER_H

#include "../include/countersign/message.h"

enum {
    HEADER_STRUCTURE_SIZE = 4,
    HEADER_CREDIT_CHARGE = 6,
    HEADER_STATUS = 8,
    HEADER_COMMAND = 12,
    HEADER_CREDITS = 14,
    HEADER_FLAGS = 16,
    HEADER_NEXT_COMMAND = 20,
    HEADER_MESSAGE_ID = 24,
    HEADER_ASYNC_ID = 32,
    HEADER_PROCESS_ID = 32,
    HEADER_TREE_ID = 36,
    HEADER_SESSION_ID = 40,
    HEADER_SIGNATURE = 48
};

#define HEADER_PROTOCOL_ID 0x424D53FEu

#endif
