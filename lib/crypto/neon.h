/* SPDX-License-Identifier: Apache-2.0 */
/* A message (message.h) in the registers of AArch64, where parts may end anywhere: no byte is read but the message's, and none is
   copied. Little-endian: a register's first byte is the lowest. Everything here is inlined into functions that have at least these
   instructions (Arm Architecture Reference Manual, FEAT_AES, FEAT_PMULL, FEAT_SHA256). */
#ifndef COUNTERSIGN_CRYPTO_NEON_H
#define COUNTERSIGN_CRYPTO_NEON_H

#include "build.h"

#if defined(CSIGN_HAVE_ARMV8)

#include <arm_neon.h>
#include <stdbool.h>

#include "message.h"

#if defined(__clang__)
#define ARMV8_TARGET "aes,sha2"
#else
#define ARMV8_TARGET "+crypto"
#endif
#define ARMV8 __attribute__((target(ARMV8_TARGET)))
#define NEON_INLINE static inline __attribute__((always_inline)) ARMV8

/* The 1..15 bytes at p and zeros; nothing else is read. Two loads that overlap, of half the size. */
NEON_INLINE uint8x16_t neon_load_partial(const uint8_t *p, size_t len)
{
    uint64_t low = 0, high = 0;
    if (len >= 8) {
        low = csign_load_le64(p);
        high = (csign_load_le64(p + len - 8) >> 1) >> (8 * (16 - len) - 1);
    } else if (len >= 4) {
        low = csign_load_le32(p) | (uint64_t)csign_load_le32(p + len - 4) << (8 * (len - 4));
    } else {
        low = p[0] | (uint64_t)p[len / 2] << (8 * (len / 2)) | (uint64_t)p[len - 1] << (8 * (len - 1));
    }
    return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(low), vcreate_u64(high)));
}

NEON_INLINE uint8x16_t neon_byte_numbers(void)
{
    return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(0x0706050403020100), vcreate_u64(0x0F0E0D0C0B0A0908)));
}

/* A block behind n bytes of zeros, without its last n. */
NEON_INLINE uint8x16_t neon_moved_up(uint8x16_t block, size_t n)
{
    return vqtbl1q_u8(block, vsubq_u8(neon_byte_numbers(), vdupq_n_u8((uint8_t)n)));
}

/* value in byte n, zeros elsewhere and for n over 15. */
NEON_INLINE uint8x16_t neon_byte_at(size_t n, uint8_t value)
{
    const uint8_t at = n < 16 ? (uint8_t)n : 0xFF;
    return vandq_u8(vceqq_u8(neon_byte_numbers(), vdupq_n_u8(at)), vdupq_n_u8(value));
}

/* Where a message is read next. */
typedef struct neon_reader {
    const uint8_t *header; /* NULL: behind it */
    unsigned header_block;
    const uint8_t *at; /* in a part */
    size_t left;       /* of that part */
    const csign_bytes *next, *end;
} neon_reader;

/* Begins a message; *len is how long it is. */
NEON_INLINE neon_reader neon_read(const csign_message *message, size_t *len)
{
    *len = message->header != NULL ? MESSAGE_HEADER : 0;
    for (size_t i = 0; i < message->part_count; i++) {
        *len += message->parts[i].len;
    }
    return (neon_reader){message->header, 0, NULL, 0, message->parts, message->parts + message->part_count};
}

/* Goes to the next part that has any bytes, if this one has none left; false: there is none. */
NEON_INLINE bool neon_read_on(neon_reader *r)
{
    while (r->left == 0 && r->next != r->end) {
        r->at = r->next->data;
        r->left = r->next->len;
        r->next++;
    }
    return r->left != 0;
}

/* Steps over the pieces of size bytes that lie in this part as they are, `most` of them at most, and says how many there are. */
NEON_INLINE size_t neon_read_run(neon_reader *r, size_t size, size_t most, const uint8_t **run)
{
    if (r->header != NULL || !neon_read_on(r)) {
        return 0;
    }
    const size_t whole = r->left / size, count = whole < most ? whole : most;
    *run = r->at;
    r->at += size * count;
    r->left -= size * count;
    return count;
}

/* Block i of a header, as it is when the message is signed. */
NEON_INLINE uint8x16_t neon_header_block(const uint8_t *header, unsigned i)
{
    if (i == MESSAGE_ZEROS_AT / 16) {
        return vdupq_n_u8(0);
    }
    const uint8x16_t block = vld1q_u8(header + 16 * i);
    return i == MESSAGE_FLAG_AT / 16 ? vorrq_u8(block, neon_byte_at(0, MESSAGE_FLAG)) : block;
}

/* The next 16 bytes; behind the message's end, zeros. */
NEON_INLINE uint8x16_t neon_read_block(neon_reader *r)
{
    if (r->header != NULL) {
        const uint8x16_t block = neon_header_block(r->header, r->header_block);
        r->header_block++;
        r->header = r->header_block < MESSAGE_HEADER / 16 ? r->header : NULL;
        return block;
    }
    uint8x16_t block = vdupq_n_u8(0);
    for (size_t filled = 0; filled < 16 && neon_read_on(r);) {
        const size_t room = 16 - filled, n = r->left < room ? r->left : room;
        block = vorrq_u8(block, n == 16 ? vld1q_u8(r->at) : neon_moved_up(neon_load_partial(r->at, n), filled));
        r->at += n;
        r->left -= n;
        filled += n;
    }
    return block;
}

#endif

#endif
