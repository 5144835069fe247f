/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMACs of messages that are alike: of one key and length, with a header, each in one piece. A lane of a register is a message here,
   not a block of one: four counter blocks are encrypted and four hashes reduced as one, no lanes have to meet, and the header's zeros are
   left out. Of short messages, for whose blocks and lengths there are powers: with longer ones loading lane by lane costs more. For
   gmac_vaes_avx512.c, behind gmac_x86.h. */
#ifndef COUNTERSIGN_CRYPTO_GMAC_ALIKE_H
#define COUNTERSIGN_CRYPTO_GMAC_ALIKE_H

GMAC_INLINE vector four_blocks(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_set_m128i(b, a)), _mm256_set_m128i(d, c), 1);
}

/* The encrypted counter blocks. A nonce in memory is one, but for its last word. */
GMAC_INLINE vector alike_masks(const csign_gmac_key *key, const csign_nonce nonce[4])
{
    const vector nonces = _mm512_maskz_loadu_epi32(0x7777, nonce);
    vector state = _mm512_or_si512(nonces, _mm512_set4_epi32(1 << 24, 0, 0, 0));
    state = xor2(state, spread(round_key(&key->aes, 0)));
#pragma GCC unroll 9
    for (unsigned round = 1; round < AES_ROUNDS; round++) {
        state = _mm512_aesenc_epi128(state, spread(round_key(&key->aes, round)));
    }
    return _mm512_aesenclast_epi128(state, spread(round_key(&key->aes, AES_ROUNDS)));
}

/* Adds a block of each times the power H^exponent. */
GMAC_INLINE product alike_add(product sum, vector blocks, const csign_gmac_key *key, size_t exponent)
{
    const size_t i = place(exponent);
    return add_product(sum, blocks, broadcast(key->powers[i]), broadcast(key->sums[i]));
}

GMAC_INLINE vector alike_blocks(const uint8_t *const message[4], size_t at)
{
    return four_blocks(load_block(message[0] + at), load_block(message[1] + at), load_block(message[2] + at),
                       load_block(message[3] + at));
}

/* The 1..15 bytes behind the last whole block, and zeros. */
GMAC_INLINE vector alike_ends(const uint8_t *const message[4], size_t at, size_t len)
{
    const __mmask16 bytes = (__mmask16)((1u << len % 16) - 1);
    return four_blocks(_mm_maskz_loadu_epi8(bytes, message[0] + at), _mm_maskz_loadu_epi8(bytes, message[1] + at),
                       _mm_maskz_loadu_epi8(bytes, message[2] + at), _mm_maskz_loadu_epi8(bytes, message[3] + at));
}

GMAC_INLINE vector alike_hashes(const csign_gmac_key *key, const uint8_t *const message[4], size_t len)
{
    const uint8_t *const m[4] = {message[0], message[1], message[2], message[3]};
    const size_t whole = len / 16;
    const vector flag = _mm512_set4_epi32(0, 0, 0, MESSAGE_FLAG);
    const product none = {zero(), zero(), zero()};
    const size_t blocks = (len + 15) / 16;
    product sum = alike_add(none, reverse(alike_blocks(m, 0)), key, blocks + 1);
    sum = alike_add(sum, reverse(_mm512_or_si512(alike_blocks(m, 16), flag)), key, blocks);
    sum = alike_add(sum, reverse(alike_blocks(m, 32)), key, blocks - 1);
    for (size_t i = MESSAGE_HEADER / 16; i < blocks; i++) {
        const vector block = i < whole ? alike_blocks(m, 16 * i) : alike_ends(m, 16 * i, len);
        sum = alike_add(sum, reverse(block), key, blocks + 1 - i);
    }
    const uint64_t bits = 8 * (uint64_t)len;
    const vector lengths = _mm512_set4_epi64((long long)bits, 0, (long long)bits, 0);
    return reduce_sum(alike_add(sum, lengths, key, 1));
}

/* The macs of the first count messages and some more, up to a multiple of four. */
GMAC_INLINE void alike_macs(const csign_gmac_key *key, const csign_nonce *nonce, const uint8_t *const *message,
                            size_t len, size_t count, uint8_t (*tags)[16])
{
    for (size_t i = 0; i < count; i += 4) {
        const vector hashes = alike_hashes(key, message + i, len);
        __asm__ volatile("" : "+r"(key)); /* round keys that are loaded before they are needed would go to the stack */
        store(tags[i], xor2(alike_masks(key, nonce + i), reverse(hashes)));
    }
}

#endif
