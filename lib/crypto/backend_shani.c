/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA-256 (RFC 2104, FIPS 198-1) by x86's SHA extensions. One message is as fast as its chain of rounds; so the two pads of a key,
   and the messages of a batch two by two, go interleaved, which is nearly twice as fast. */
#include "build.h"

#ifdef CSIGN_HAVE_SHANI

#include "backend_x86.h"
#include "cpu.h"
#include "header_x86.h"
#include "hmac.h"
#include "message_blocks_x86.h"
#include "sha256_shani.h"
#include "wipe.h"

/* The header's block, as it is when it is signed: see message.h. */
SHANI shani_words header_words(const uint8_t *header)
{
    return (shani_words){shani_big_endian(header_block(header, 0)), shani_big_endian(header_block(header, 1)),
                         shani_big_endian(header_block(header, 2)), shani_big_endian(header_block(header, 3))};
}

/* The outer hash's block: the inner digest, and the padding of 64 + 32 bytes. */
SHANI shani_words digest_words(shani_hash hash)
{
    shani_words words;
    shani_hash_words(&words.w0, &words.w4, hash);
    words.w8 = _mm_set_epi32(0, 0, 0, INT32_MIN);
    words.w12 = _mm_set_epi32(8 * (64 + 32), 0, 0, 0);
    return words;
}

SHANI void store_mac(uint8_t mac[32], shani_hash hash)
{
    const shani_words digest = digest_words(hash);
    shani_store(mac, shani_big_endian(digest.w0));
    shani_store(mac + 16, shani_big_endian(digest.w4));
}

/* Puts a header, if there is one, and a run of blocks into a hash value; if outer is not NULL, they were the last, and it goes on to the
   MAC. A function without calls and not inlined: a caller's registers would have to be saved on the stack, with the hash value in them. */
__attribute__((noinline)) SHANI_TARGET static void compress_run(uint32_t hash[8], const uint8_t *header,
                                                                const uint8_t *run, size_t count, const uint32_t *outer,
                                                                uint8_t mac[32])
{
    shani_hash state = shani_hash_load(hash);
    if (header != NULL) {
        state = shani_compress(state, header_words(header));
    }
    for (size_t i = 0; i < count; i++) {
        state = shani_compress(state, shani_words_load(run + 64 * i));
    }
    if (outer == NULL) {
        shani_hash_store(hash, state);
    } else {
        store_mac(mac, shani_compress(shani_hash_load(outer), digest_words(state)));
    }
}

void csign_hmac_shani(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message)
{
    uint32_t hash[8];
    uint8_t buffer[MESSAGE_BLOCKS_BUFFER];
    csign_message_blocks blocks;
    const uint8_t *header = message->header;
    memcpy(hash, key->inner, sizeof hash);
    if (header != NULL) {
        compress_run(hash, header, NULL, 0, NULL, mac);
    }
    csign_message_blocks_start(&blocks, message, header == NULL ? 64 : 64 + MESSAGE_HEADER, buffer);
    do {
        const uint8_t *run;
        const size_t count = csign_message_blocks_next(&blocks, &run);
        compress_run(hash, NULL, run, count, blocks.padded ? key->outer : NULL, mac);
    } while (!blocks.padded);
    csign_wipe(hash, sizeof hash);
    csign_wipe(buffer, sizeof buffer);
}

SHANI shani_words padded_words(const uint8_t key_block[64], char pad)
{
    const __m128i pads = _mm_set1_epi8(pad);
    const shani_words key = shani_words_load(key_block);
    return (shani_words){_mm_xor_si128(key.w0, pads), _mm_xor_si128(key.w4, pads), _mm_xor_si128(key.w8, pads),
                         _mm_xor_si128(key.w12, pads)};
}

/* Both pads at once; not inlined, as above. */
__attribute__((noinline)) SHANI_TARGET static void compress_pads(csign_hmac_key *out, const uint8_t key_block[64])
{
    shani_hash state[2] = {shani_hash_load(csign_sha256_initial), shani_hash_load(csign_sha256_initial)};
    shani_words words[2] = {padded_words(key_block, HMAC_IPAD), padded_words(key_block, HMAC_OPAD)};
    shani_compress_two(state, words);
    shani_hash_store(out->inner, state[0]);
    shani_hash_store(out->outer, state[1]);
}

void csign_hmac_key_shani(csign_hmac_key *out, csign_bytes key)
{
    uint8_t key_block[64];
    csign_hmac_key_block(key_block, key);
    compress_pads(out, key_block);
    csign_wipe(key_block, sizeof key_block);
}

SHANI_TARGET void csign_hmac_two_lanes_shani(csign_hmac_lane *const *lanes, size_t count, bool last)
{
    csign_hmac_lane *const first = lanes[0], *const second = lanes[1];
    shani_hash state[2] = {shani_hash_load(first->secret.hash), shani_hash_load(second->secret.hash)};
    for (size_t i = 0; i < count; i++) {
        shani_words words[2] = {shani_words_load(first->run + 64 * i), shani_words_load(second->run + 64 * i)};
        shani_compress_two(state, words);
    }
    if (last) {
        shani_words words[2] = {digest_words(state[0]), digest_words(state[1])};
        state[0] = shani_hash_load(csign_hmac_lane_outer(first));
        state[1] = shani_hash_load(csign_hmac_lane_outer(second));
        shani_compress_two(state, words);
        store_mac(first->job->mac, state[0]);
        store_mac(second->job->mac, state[1]);
    } else {
        shani_hash_store(first->secret.hash, state[0]);
        shani_hash_store(second->secret.hash, state[1]);
    }
}

void csign_hmac_lane_shani(csign_hmac_lane *const *lanes, size_t count, bool last)
{
    csign_hmac_lane *const lane = lanes[0];
    compress_run(lane->secret.hash, NULL, lane->run, count, last ? csign_hmac_lane_outer(lane) : NULL, lane->job->mac);
}

/* As far down as two lanes save registers; csign_wipe_stack, which goes four times as far, is a twentieth of the time of four keys. */
__attribute__((noinline)) static void wipe_stack(void)
{
    uint8_t below[256];
    csign_wipe(below, sizeof below);
}

void csign_hmac_batch_shani(csign_mac_job *const *jobs, size_t count)
{
    static const csign_hmac_kernel kernel = {{{csign_hmac_two_lanes_shani, 2, 2}, {csign_hmac_lane_shani, 1, 1}},
                                             wipe_stack};
    csign_hmac_lanes(&kernel, jobs, count);
}

const csign_backend csign_backend_shani = {
    .name = "sha-ni",
    .needs = CSIGN_CPU_SHANI,
    .hmac_key = csign_hmac_key_shani,
    .hmac = csign_hmac_shani,
    .hmac_batch = csign_hmac_batch_shani,
};

#endif
