/* SPDX-License-Identifier: Apache-2.0 */
/* A message's parts in runs of whole blocks: see message_blocks_x86.h. */
#include "build.h"

#ifdef CSIGN_HAVE_HMAC_LANES

#include <immintrin.h>
#include <string.h>

#include "message_blocks_x86.h"

/* What fits into the buffer with its padding. */
enum { END_MAX = MESSAGE_BLOCKS_BUFFER - 9 };

/* The next part that is not empty: an empty one may be NULL. Word by word: whoever made a part has just stored it so, and the processor
   passes on nothing larger than what was stored. */
static void take_part(csign_message_blocks *blocks)
{
    while (blocks->rest.len == 0 && blocks->part_count > 0) {
        const size_t len = blocks->part->len;
        if (len > 0) {
            blocks->rest.data = blocks->part->data;
            blocks->rest.len = len;
            blocks->len += len;
        }
        blocks->part++;
        blocks->part_count--;
    }
}

void csign_message_blocks_start(csign_message_blocks *blocks, const csign_message *message, uint64_t len,
                                uint8_t *buffer)
{
    blocks->part = message->parts;
    blocks->part_count = message->part_count;
    blocks->rest = (csign_bytes){buffer, 0};
    blocks->len = len;
    blocks->used = 0;
    blocks->padded = false;
    blocks->buffer = buffer;
    take_part(blocks);
}

/* Adds to the block in the buffer what the part has, up to a whole block. */
static void gather(csign_message_blocks *blocks)
{
    const size_t room = 64 - blocks->used;
    const size_t taken = blocks->rest.len < room ? blocks->rest.len : room;
    if (taken > 0) {
        memcpy(blocks->buffer + blocks->used, blocks->rest.data, taken);
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

static void store(uint8_t *to, __m128i piece)
{
    _mm_storeu_si128((__m128i *)to, piece);
}

/* The last len bytes with the padding: a one bit, zeros, and the length in bits in the last eight bytes of a block. In pieces of
   sixteen, because the processor passes on what was just stored only if it was stored in one piece. */
static size_t pad(csign_message_blocks *blocks, const uint8_t *tail, size_t len)
{
    const size_t count = len < 56 ? 1 : 2;
    const size_t last = 64 * count - 16;
    const __m128i bits = _mm_set_epi64x((long long)__builtin_bswap64(8 * blocks->len), 0);
    size_t at = 0;
    for (; at + 16 <= len; at += 16) {
        store(blocks->buffer + at, _mm_loadu_si128((const __m128i *)(tail + at)));
    }
    const __m128i end = end_of_sixteen(tail + at, len - at);
    store(blocks->buffer + last, bits);
    store(blocks->buffer + at, at == last ? _mm_or_si128(end, bits) : end);
    for (at += 16; at < last; at += 16) {
        store(blocks->buffer + at, _mm_setzero_si128());
    }
    blocks->padded = true;
    return count;
}

size_t csign_message_blocks_end(csign_message_blocks *blocks)
{
    const bool fits = blocks->part_count == 0 && blocks->used == 0 && blocks->rest.len <= END_MAX;
    return fits ? pad(blocks, blocks->rest.data, blocks->rest.len) : 0;
}

/* Blocks of the part begun, where they lie. A last block that fits into the buffer with what is behind it is left to that run. */
static size_t in_place(csign_message_blocks *blocks, const uint8_t **run)
{
    const size_t last = blocks->part_count == 0 && blocks->rest.len % 64 <= END_MAX - 64;
    const size_t count = blocks->rest.len / 64 - last;
    *run = blocks->rest.data;
    blocks->rest.data += 64 * count;
    blocks->rest.len -= 64 * count;
    return count;
}

size_t csign_message_blocks_next(csign_message_blocks *blocks, const uint8_t **run)
{
    *run = blocks->buffer;
    while (!blocks->padded) {
        const size_t end = csign_message_blocks_end(blocks);
        if (end > 0) {
            return end;
        }
        if (blocks->used == 0 && blocks->rest.len >= 64) {
            return in_place(blocks, run);
        }
        gather(blocks);
        take_part(blocks);
        if (blocks->used == 64) {
            blocks->used = 0;
            return 1;
        }
        if (blocks->rest.len == 0) {
            return pad(blocks, blocks->buffer, blocks->used);
        }
    }
    return 0;
}

#endif
