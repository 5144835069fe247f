/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a message (message.h) into registers of x86-64, where parts may end anywhere: no byte is read but the message's, and none is
   copied. Behind the end there are zeros. */
#ifndef COUNTERSIGN_CRYPTO_READER_X86_H
#define COUNTERSIGN_CRYPTO_READER_X86_H

#include "aes_x86.h"

#if defined(CSIGN_HAVE_AESNI)

#include "header_x86.h"

/* Where a message is read next. */
typedef struct reader {
    const uint8_t *header; /* NULL: behind it */
    unsigned header_block;
    const uint8_t *at;        /* in a part */
    size_t left;              /* of that part */
    const csign_bytes *parts; /* the next ones */
    size_t part_count;
} reader;

AESNI_INLINE reader read_message(const csign_message *message)
{
    return (reader){message->header, 0, NULL, 0, message->parts, message->part_count};
}

/* Steps over `len` bytes of this part. */
AESNI_INLINE const uint8_t *read_over(reader *r, size_t len)
{
    const uint8_t *const at = r->at;
    r->at += len;
    r->left -= len;
    return at;
}

/* Goes to the next part that has any bytes, if this one has none; false: there is none. */
AESNI_INLINE int read_on(reader *r)
{
    while (r->left == 0 && r->part_count > 0) {
        r->at = r->parts->data;
        r->left = r->parts->len;
        r->parts++;
        r->part_count--;
    }
    return r->left != 0;
}

AESNI_INLINE __m128i read_block(reader *r)
{
    if (r->header != NULL) {
        const __m128i block = header_block(r->header, r->header_block);
        r->header_block++;
        r->header = r->header_block < MESSAGE_HEADER / 16 ? r->header : NULL;
        return block;
    }
    if (r->left >= 16) {
        return load_block(read_over(r, 16));
    }
    __m128i block = _mm_setzero_si128();
    for (size_t filled = 0; filled < 16 && read_on(r);) {
        const size_t room = 16 - filled, n = r->left < room ? r->left : room;
        block = _mm_or_si128(block, n == 16 ? load_block(r->at) : moved_up(load_partial(r->at, n), filled));
        read_over(r, n);
        filled += n;
    }
    return block;
}

#endif

#endif
