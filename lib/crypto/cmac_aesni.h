/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC of one message with AES-NI (NIST SP 800-38B section 6.2), for the backends of x86-64, each of which compiles it with the
   instructions it may use. CBC-MAC is one chain: a block takes ten rounds of four cycles, and nothing else is on that chain, because
   the next block and the first round key are added to the last round key beforehand. */
#ifndef COUNTERSIGN_CRYPTO_CMAC_AESNI_H
#define COUNTERSIGN_CRYPTO_CMAC_AESNI_H

#include <stdbool.h>

#include "aes_x86.h"

#if defined(CSIGN_HAVE_AESNI)

#include "header_x86.h"

/* csign_cmac_key_aesni: entry cmac_key of the backends for x86-64. */
void csign_cmac_key_aesni(csign_cmac_key *out, const uint8_t key[16]);

/* The cipher's first nine rounds. */
AESNI_INLINE __m128i cmac_rounds(__m128i state, const csign_aes128_key *key)
{
#pragma GCC unroll 9
    for (unsigned round = 1; round < AES_ROUNDS; round++) {
        state = _mm_aesenc_si128(state, round_key(key, round));
    }
    return state;
}

/* The chaining value after one more block. */
AESNI_INLINE __m128i cmac_block(__m128i chain, const csign_aes128_key *key, __m128i block)
{
    chain = _mm_xor_si128(chain, _mm_xor_si128(block, round_key(key, 0)));
    return _mm_aesenclast_si128(cmac_rounds(chain, key), round_key(key, AES_ROUNDS));
}

/* The chaining value after count whole blocks, one at least. */
AESNI_INLINE __m128i cmac_blocks(__m128i chain, const csign_aes128_key *key, const uint8_t *blocks, size_t count)
{
    const __m128i k0 = round_key(key, 0), k10 = round_key(key, AES_ROUNDS), both = _mm_xor_si128(k0, k10);
    __m128i state = cmac_rounds(_mm_xor_si128(chain, _mm_xor_si128(k0, load_block(blocks))), key);
    for (size_t i = 1; i < count; i++) {
        state = cmac_rounds(_mm_aesenclast_si128(state, _mm_xor_si128(both, load_block(blocks + 16 * i))), key);
    }
    return _mm_aesenclast_si128(state, k10);
}

/* The chaining value after the first count blocks of the header, 3 or 4. */
AESNI_INLINE __m128i cmac_header(const csign_aes128_key *key, const uint8_t *header, unsigned count)
{
    const __m128i k0 = round_key(key, 0), k10 = round_key(key, AES_ROUNDS), both = _mm_xor_si128(k0, k10);
    __m128i state = cmac_rounds(_mm_xor_si128(k0, header_block(header, 0)), key);
#pragma GCC unroll 3
    for (unsigned i = 1; i < count; i++) {
        state = cmac_rounds(_mm_aesenclast_si128(state, _mm_xor_si128(both, header_block(header, i))), key);
    }
    return _mm_aesenclast_si128(state, k10);
}

/* The last block, of len bytes and zeros, padded and masked with its subkey; len 0 is an empty message's. */
AESNI_INLINE __m128i cmac_last(const csign_cmac_key *key, __m128i block, size_t len)
{
    if (len == 16) {
        return _mm_xor_si128(block, load_block(key->k1));
    }
    const __m128i end = _mm_cmpeq_epi8(byte_numbers(), _mm_set1_epi8((char)len)); /* where 0x80 goes */
    return _mm_xor_si128(_mm_or_si128(block, _mm_and_si128(end, _mm_set1_epi8((char)0x80))), load_block(key->k2));
}

/* The last block of a message of len bytes in one piece, a header at least, whose signature is read as zeros. */
AESNI_INLINE __m128i cmac_last_of(const csign_cmac_key *key, const uint8_t *message, size_t len)
{
    const size_t left = (len - 1) % 16 + 1;
    const uint8_t *p = message + len - left;
    return cmac_last(key,
                     len == MESSAGE_HEADER ? _mm_setzero_si128()
                     : left == 16          ? load_block(p)
                                           : load_partial(p, left),
                     left);
}

static inline bool cmac_one_key(const csign_cmac_key *const *key, unsigned count)
{
    bool one_key = true;
    for (unsigned l = 1; l < count; l++) {
        one_key &= key[l] == key[0];
    }
    return one_key;
}

/* The chaining value behind all but the last block of the parts, which are of len bytes, one at least; the last block into `last`,
   masked. A block that lies in several parts is put together in a register: whatever the compiler stored would have to be wiped, and a
   call would make it store the chaining value. */
AESNI_INLINE __m128i cmac_parts(__m128i chain, const csign_cmac_key *key, const csign_message *message, size_t len,
                                __m128i *last)
{
    __m128i cut = _mm_setzero_si128();
    size_t used = 0; /* bytes in `cut` */
    for (size_t i = 0; len > 0; i++) {
        const uint8_t *p = message->parts[i].data;
        size_t n = message->parts[i].len;
        if (used > 0 && n > 0) {
            const size_t taken = n < 16 - used ? n : 16 - used;
            cut = _mm_or_si128(cut, moved_up(load_partial(p, taken), used));
            used += taken, p += taken, n -= taken, len -= taken;
            if (used == 16 && len > 0) {
                chain = cmac_block(chain, &key->aes, cut);
                used = 0;
            }
        }
        /* The last block waits. */
        const size_t count = (n - (n == len && n > 0)) / 16;
        if (count > 0) {
            chain = cmac_blocks(chain, &key->aes, p, count);
            p += 16 * count, n -= 16 * count, len -= 16 * count;
        }
        if (n > 0) {
            cut = n == 16 ? load_block(p) : load_partial(p, n);
            used = n, len -= n;
        }
    }
    *last = cmac_last(key, cut, used);
    return chain;
}

AESNI_INLINE void cmac_any_message(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    size_t len = 0;
    __m128i chain = _mm_setzero_si128(), last;
    for (size_t i = 0; i < message->part_count; i++) {
        len += message->parts[i].len;
    }
    if (len > 0) {
        if (message->header != NULL) {
            chain = cmac_header(&key->aes, message->header, 4);
        }
        chain = cmac_parts(chain, key, message, len, &last);
    } else if (message->header != NULL) {
        chain = cmac_header(&key->aes, message->header, 3);
        last = load_block(key->k1); /* of the header's zeros */
    } else {
        last = cmac_last(key, _mm_setzero_si128(), 0);
    }
    store_block(tag, cmac_block(chain, &key->aes, last));
}

/* A message in one part behind its header: most are, and short ones should not wait for what the others need. */
AESNI_INLINE void cmac_whole_message(const csign_cmac_key *key, uint8_t tag[16], const uint8_t *header,
                                     csign_bytes body)
{
    __m128i chain, last;
    if (body.len == 0) {
        chain = cmac_header(&key->aes, header, 3);
        last = load_block(key->k1);
    } else {
        const size_t count = (body.len - 1) / 16, left = body.len - 16 * count;
        const uint8_t *p = body.data + 16 * count;
        chain = cmac_header(&key->aes, header, 4);
        if (count > 0) {
            chain = cmac_blocks(chain, &key->aes, body.data, count);
        }
        last = cmac_last(key, left == 16 ? load_block(p) : load_partial(p, left), left);
    }
    store_block(tag, cmac_block(chain, &key->aes, last));
}

#endif

#endif
