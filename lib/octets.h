/* SPDX-License-Identifier: Apache-2.0 */
/* Integers from and to bytes, byte by byte: no alignment, no host byte order, nothing laid over a message. Compilers turn each into
   one load or store; of a sum instead of the bits joined, gcc does not. */
#ifndef COUNTERSIGN_OCTETS_H
#define COUNTERSIGN_OCTETS_H

#include <stdint.h>

static inline uint16_t csign_load_le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | ((unsigned)p[1] << 8));
}

static inline uint32_t csign_load_le32(const uint8_t *p)
{
    return p[0] | ((uint32_t)p[1] << 8) | ((uint32_t)p[2] << 16) | ((uint32_t)p[3] << 24);
}

static inline uint64_t csign_load_le64(const uint8_t *p)
{
    return csign_load_le32(p) | ((uint64_t)csign_load_le32(p + 4) << 32);
}

static inline uint32_t csign_load_be32(const uint8_t *p)
{
    return ((uint32_t)p[0] << 24) | ((uint32_t)p[1] << 16) | ((uint32_t)p[2] << 8) | p[3];
}

static inline uint64_t csign_load_be64(const uint8_t *p)
{
    return ((uint64_t)csign_load_be32(p) << 32) | csign_load_be32(p + 4);
}

static inline void csign_store_le16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v & 0xFFu);
    p[1] = (uint8_t)(v >> 8);
}

static inline void csign_store_le32(uint8_t *p, uint32_t v)
{
    csign_store_le16(p, (uint16_t)(v & 0xFFFFu));
    csign_store_le16(p + 2, (uint16_t)(v >> 16));
}

static inline void csign_store_le64(uint8_t *p, uint64_t v)
{
    csign_store_le32(p, (uint32_t)(v & 0xFFFFFFFFu));
    csign_store_le32(p + 4, (uint32_t)(v >> 32));
}

static inline void csign_store_be32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)((v >> 16) & 0xFFu);
    p[2] = (uint8_t)((v >> 8) & 0xFFu);
    p[3] = (uint8_t)(v & 0xFFu);
}

static inline void csign_store_be64(uint8_t *p, uint64_t v)
{
    csign_store_be32(p, (uint32_t)(v >> 32));
    csign_store_be32(p + 4, (uint32_t)(v & 0xFFFFFFFFu));
}

#endif
