/* SPDX-License-Identifier: Apache-2.0 */
/* Integers from bytes at any alignment: big-endian in packet headers, little-endian in SMB2. The library has its own, but
   those are private to it. */
#ifndef COUNTERSIGN_TOOLS_OCTETS_H
#define COUNTERSIGN_TOOLS_OCTETS_H

#include <stdint.h>

static inline uint16_t load_be16(const uint8_t *p)
{
    return (uint16_t)(256u * p[0] + p[1]);
}

static inline uint32_t load_be32(const uint8_t *p)
{
    return 65536u * load_be16(p) + load_be16(p + 2);
}

static inline uint16_t load_le16(const uint8_t *p)
{
    return (uint16_t)(p[0] + 256u * p[1]);
}

static inline uint32_t load_le32(const uint8_t *p)
{
    return load_le16(p) + 65536u * load_le16(p + 2);
}

static inline uint64_t load_le64(const uint8_t *p)
{
    return load_le32(p) + ((uint64_t)load_le32(p + 4) << 32);
}

#endif
