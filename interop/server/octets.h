/* SPDX-License-Identifier: Apache-2.0 */
/* Little-endian integers from and to bytes. The library's own helpers are private to it. */
#ifndef SERVER_OCTETS_H
#define SERVER_OCTETS_H

#include <stdint.h>

static inline uint16_t load16(const uint8_t *p)
{
    return (uint16_t)(p[0] | (p[1] << 8));
}

static inline uint32_t load32(const uint8_t *p)
{
    return load16(p) | ((uint32_t)load16(p + 2) << 16);
}

static inline uint64_t load64(const uint8_t *p)
{
    return load32(p) | ((uint64_t)load32(p + 4) << 32);
}

static inline void store16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v & 0xFF);
    p[1] = (uint8_t)((v >> 8) & 0xFF);
}

static inline void store32(uint8_t *p, uint32_t v)
{
    store16(p, v & 0xFFFF);
    store16(p + 2, v >> 16);
}

static inline void store64(uint8_t *p, uint64_t v)
{
    store32(p, (uint32_t)(v & 0xFFFFFFFFu));
    store32(p + 4, (uint32_t)(v >> 32));
}

#endif
