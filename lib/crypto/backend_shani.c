/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA-256 (RFC 2104, FIPS 198-1) by x86's SHA extensions. One message is as fast as its chain of rounds; so the two pads of a key,
   and the messages of a batch two by two, go interleaved, which is nearly twice as fast. */
#include "build.h"

#ifdef CSIGN_HAVE_SHANI

#include "backends.h"
#include "cpu.h"
#include "hmac.h"
#include "hmac_lanes.h"
#include "message_blocks.h"
#include "sha256_shani.h"
#include "wipe.h"

SHANI_TARGET static void compress_one(uint32_t *const *hash, const uint8_t *const *blocks, size_t count)
{
    shani_hash state = shani_hash_load(hash[0]);
    for (size_t i = 0; i < count; i++) {
        state = shani_compress(state, shani_words_load(blocks[0] + 64 * i));
    }
    shani_hash_store(hash[0], state);
}

SHANI_TARGET static void compress_two(uint32_t *const *hash, const uint8_t *const *blocks, size_t count)
{
    shani_hash state[2] = {shani_hash_load(hash[0]), shani_hash_load(hash[1])};
    const uint8_t *const first = blocks[0], *const second = blocks[1];
    for (size_t i = 0; i < count; i++) {
        shani_words words[2] = {shani_words_load(first + 64 * i), shani_words_load(second + 64 * i)};
        shani_compress_two(state, words);
    }
    shani_hash_store(hash[0], state[0]);
    shani_hash_store(hash[1], state[1]);
}

/* The header's block, as it is when it is signed: see message.h. */
SHANI shani_words header_words(const uint8_t *header)
{
    const __m128i flag = _mm_cvtsi32_si128(MESSAGE_FLAG);
    return (shani_words){shani_big_endian(shani_load(header)),
                         shani_big_endian(_mm_or_si128(shani_load(header + MESSAGE_FLAG_AT), flag)),
                         shani_big_endian(shani_load(header + 32)), _mm_setzero_si128()};
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

/* Puts a header, if there is one, and a run of blocks into a hash value; if they were the last, goes on to the MAC. A function without calls
   and not inlined: a caller's registers would have to be saved on the stack, with the hash value in them. */
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
        return;
    }
    state = shani_compress(shani_hash_load(outer), digest_words(state));
    const shani_words digest = digest_words(state);
    shani_store(mac, shani_big_endian(digest.w0));
    shani_store(mac + 16, shani_big_endian(digest.w4));
}

static void hmac(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message)
{
    uint32_t hash[8];
    csign_message_blocks blocks;
    const uint8_t *header = message->header;
    memcpy(hash, key->inner, sizeof hash);
    csign_message_blocks_start(&blocks, message, header == NULL ? 64 : 64 + MESSAGE_HEADER);
    do {
        const uint8_t *run;
        const size_t count = csign_message_blocks_next(&blocks, &run);
        compress_run(hash, header, run, count, blocks.padded ? key->outer : NULL, mac);
        header = NULL;
    } while (!blocks.padded);
    csign_wipe(hash, sizeof hash);
    csign_wipe(blocks.block, sizeof blocks.block);
}

static void hmac_key(csign_hmac_key *out, csign_bytes key)
{
    uint8_t inner[64], outer[64];
    csign_hmac_pads(inner, outer, key);
    memcpy(out->inner, csign_sha256_initial, sizeof out->inner);
    memcpy(out->outer, csign_sha256_initial, sizeof out->outer);
    compress_two((uint32_t *const[]){out->inner, out->outer}, (const uint8_t *const[]){inner, outer}, 1);
    csign_wipe(inner, sizeof inner);
    csign_wipe(outer, sizeof outer);
    csign_wipe_stack();
}

static void hmac_batch(csign_mac_job *const *jobs, size_t count)
{
    static const csign_hmac_compress compress = {compress_two, compress_one, 2};
    csign_hmac_lanes(&compress, jobs, count);
}

const csign_backend csign_backend_shani = {
    .name = "sha-ni",
    .needs = CSIGN_CPU_SHANI,
    .hmac_key = hmac_key,
    .hmac = hmac,
    .hmac_batch = hmac_batch,
};

#endif
