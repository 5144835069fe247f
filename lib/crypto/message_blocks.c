/* SPDX-License-Identifier: Apache-2.0 */
/* A message's parts in runs of whole blocks: see message_blocks.h. */
#include "build.h"

#ifdef CSIGN_HAVE_HMAC_LANES

#include <immintrin.h>
#include <string.h>

#include "message_blocks.h"

void csign_message_blocks_start(csign_message_blocks *blocks, const csign_message *message, uint64_t len)
{
    blocks->part = message->parts;
    blocks->part_count = message->part_count;
    blocks->rest = (csign_bytes){blocks->block, 0};
    blocks->len = len;
    blocks->used = 0;
    blocks->padded = false;
}

/* Adds to the block in the buffer what the part has, up to a whole block. */
static void gather(csign_message_blocks *blocks)
{
    const size_t room = 64 - blocks->used;
    const size_t taken = blocks->rest.len < room ? blocks->rest.len : room;
    if (taken > 0) {
        memcpy(blocks->block + blocks->used, blocks->rest.data, taken);
        blocks->rest.data += taken;
        blocks->rest.len -= taken;
        blocks->used += taken;
    }
}

/* n bytes, less than eight, and behind them the one bit of the padding. */
static uint64_t end_of_eight(const uint8_t *p, size_t n)
{
    uint64_t bytes = UINT64_C(0x80) << (8 * n);
    if (n >= 4) {
        bytes |= csign_load_le32(p) | (uint64_t)csign_load_le32(p + n - 4) << (8 * (n - 4));
    } else if (n >= 2) {
        bytes |= csign_load_le16(p) | (uint64_t)csign_load_le16(p + n - 2) << (8 * (n - 2));
    } else if (n == 1) {
        bytes |= p[0];
    }
    return bytes;
}

/* The same of n bytes, less than sixteen. */
static __m128i end_of_sixteen(const uint8_t *p, size_t n)
{
    const uint64_t low = n < 8 ? end_of_eight(p, n) : csign_load_le64(p);
    const uint64_t high = n < 8 ? 0 : end_of_eight(p + 8, n - 8);
    return _mm_set_epi64x((long long)high, (long long)low);
}

/* The last len bytes, less than a block, with the padding: a one bit, zeros, and the length in bits in the last eight bytes of a block.
   In pieces of sixteen, because the processor passes on what was just stored only if it was stored in one piece. */
static size_t pad(csign_message_blocks *blocks, const uint8_t *tail, size_t len)
{
    const size_t count = len < 56 ? 1 : 2;
    __m128i *to = (__m128i *)blocks->block;
    for (size_t at = 0; at < 64 * count; at += 16) {
        __m128i piece = _mm_setzero_si128();
        if (at + 16 <= len) {
            piece = _mm_loadu_si128((const __m128i *)(tail + at));
        } else if (at <= len) {
            piece = end_of_sixteen(tail + at, len - at);
        }
        if (at + 16 == 64 * count) {
            const uint64_t bits = 8 * blocks->len;
            piece = _mm_or_si128(piece, _mm_set_epi64x((long long)__builtin_bswap64(bits), 0));
        }
        _mm_storeu_si128(to, piece);
        to++;
    }
    blocks->padded = true;
    return count;
}

size_t csign_message_blocks_next(csign_message_blocks *blocks, const uint8_t **run)
{
    *run = blocks->block;
    while (!blocks->padded) {
        if (blocks->used == 0 && blocks->rest.len >= 64) {
            const size_t count = blocks->rest.len / 64;
            *run = blocks->rest.data;
            blocks->rest.data += 64 * count;
            blocks->rest.len -= 64 * count;
            return count;
        }
        if (blocks->part_count == 0 && blocks->used == 0) {
            return pad(blocks, blocks->rest.data, blocks->rest.len);
        }
        gather(blocks);
        if (blocks->used == 64) {
            blocks->used = 0;
            return 1;
        }
        if (blocks->part_count == 0) {
            return pad(blocks, blocks->block, blocks->used);
        }
        if (blocks->part->len > 0) { /* an empty one may be NULL */
            blocks->rest = *blocks->part;
            blocks->len += blocks->rest.len;
        }
        blocks->part++;
        blocks->part_count--;
    }
    return 0;
}

#endif
