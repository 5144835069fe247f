/* SPDX-License-Identifier: Apache-2.0 */
/* Little-endian integers to bytes; from bytes as the tools do. */
#ifndef SERVER_OCTETS_H
#define SERVER_OCTETS_H

#include "../../tools/octets.h"

static inline void store_le16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v & 0xFF);
    p[1] = (uint8_t)((v >> 8) & 0xFF);
}

static inline void store_le32(uint8_t *p, uint32_t v)
{
    store_le16(p, v & 0xFFFF);
    store_le16(p + 2, v >> 16);
}

static inline void store_le64(uint8_t *p, uint64_t v)
{
    store_le32(p, (uint32_t)(v & 0xFFFFFFFFu));
    store_le32(p + 4, (uint32_t)(v >> 32));
}

#endif
