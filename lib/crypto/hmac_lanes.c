/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in lanes: see hmac_lanes.h. A job is one stream of blocks, RFC 2104: the header, the parts with their padding, and the outer
   block with the inner digest; so a lane is never idle between the two hashes of HMAC. All lanes go on together by as many blocks as the
   one with the shortest run has. */
#include "build.h"

#ifdef CSIGN_HAVE_HMAC_LANES

#include <immintrin.h>

#include "hmac_lanes.h"

#include "../include/countersign/signer_state.h"
#include "message_blocks.h"
#include "wipe.h"

typedef struct stream {
    uint32_t hash[8];
    csign_mac_job *job;
    const uint8_t *run; /* blocks to take next, and how many */
    size_t count;
    bool outer; /* the inner digest is what is being hashed */
    csign_message_blocks message;
} stream;

#define SSSE3 __attribute__((target("ssse3")))

/* The header as it is when it is signed: see message.h. Here as in the other blocks that are put together, sixteen bytes at a time:
   the processor passes on what was just stored only if it was stored in one piece. */
SSSE3 static void copy_header(uint8_t block[64], const uint8_t *header)
{
    const __m128i *from = (const __m128i *)header;
    __m128i *to = (__m128i *)block;
    _mm_storeu_si128(to, _mm_loadu_si128(from));
    _mm_storeu_si128(to + 1, _mm_or_si128(_mm_loadu_si128(from + 1), _mm_cvtsi32_si128(MESSAGE_FLAG)));
    _mm_storeu_si128(to + 2, _mm_loadu_si128(from + 2));
    _mm_storeu_si128(to + 3, _mm_setzero_si128());
}

/* A hash value in bytes. */
SSSE3 static void store_digest(uint8_t out[32], const uint32_t hash[8])
{
    const __m128i turn = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    const __m128i *from = (const __m128i *)hash;
    __m128i *to = (__m128i *)out;
    _mm_storeu_si128(to, _mm_shuffle_epi8(_mm_loadu_si128(from), turn));
    _mm_storeu_si128(to + 1, _mm_shuffle_epi8(_mm_loadu_si128(from + 1), turn));
}

static void start(stream *s, csign_mac_job *job)
{
    const csign_hmac_key *key = (const csign_hmac_key *)job->key;
    memcpy(s->hash, key->inner, sizeof s->hash);
    s->job = job;
    s->outer = false;
    if (job->message.header != NULL) {
        csign_message_blocks_start(&s->message, &job->message, 64 + MESSAGE_HEADER);
        copy_header(s->message.block, job->message.header);
        s->run = s->message.block;
        s->count = 1;
    } else {
        csign_message_blocks_start(&s->message, &job->message, 64);
        s->count = csign_message_blocks_next(&s->message, &s->run);
    }
}

/* The block of the outer hash: the inner digest, and the padding of 64 + 32 bytes. */
SSSE3 static void start_outer(stream *s)
{
    const csign_hmac_key *key = (const csign_hmac_key *)s->job->key;
    __m128i *block = (__m128i *)s->message.block;
    store_digest(s->message.block, s->hash);
    _mm_storeu_si128(block + 2, _mm_set_epi64x(0, 0x80));
    _mm_storeu_si128(block + 3, _mm_set_epi8(0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)); /* 8 * (64 + 32) bits */
    memcpy(s->hash, key->outer, sizeof s->hash);
    s->run = s->message.block;
    s->count = 1;
    s->outer = true;
}

/* After so many blocks of the run: the next run, if this one is at its end. Whether there is more to do. */
static bool advance(stream *s, size_t blocks)
{
    s->run += 64 * blocks;
    s->count -= blocks;
    if (s->count > 0) {
        return true;
    }
    if (s->outer) {
        store_digest(s->job->mac, s->hash);
        return false;
    }
    s->count = csign_message_blocks_next(&s->message, &s->run);
    if (s->count == 0) {
        start_outer(s);
    }
    return true;
}

static size_t shortest_run(stream *const *lanes, size_t active)
{
    size_t shortest = SIZE_MAX;
    for (size_t i = 0; i < active; i++) {
        shortest = lanes[i]->count < shortest ? lanes[i]->count : shortest;
    }
    return shortest;
}

/* One step of all lanes. */
static void step(csign_sha256_lanes *compress, size_t width, stream *const *lanes, size_t blocks)
{
    uint32_t *hash[HMAC_LANES_MAX];
    const uint8_t *runs[HMAC_LANES_MAX];
    for (size_t i = 0; i < width; i++) {
        hash[i] = lanes[i]->hash;
        runs[i] = lanes[i]->run;
    }
    compress(hash, runs, blocks);
}

void csign_hmac_lanes(const csign_hmac_compress *compress, csign_mac_job *const *jobs, size_t count)
{
    stream streams[HMAC_LANES_MAX];
    stream *lanes[HMAC_LANES_MAX];
    size_t active = 0, next = 0;
    const size_t used = count < compress->width ? count : compress->width;
    for (; active < used; active++, next++) {
        lanes[active] = &streams[active];
        start(lanes[active], jobs[next]);
    }
    while (active == compress->width) {
        const size_t blocks = shortest_run(lanes, active);
        step(compress->lanes, compress->width, lanes, blocks);
        for (size_t i = active; i-- > 0;) {
            if (advance(lanes[i], blocks)) {
                continue;
            }
            if (next < count) {
                start(lanes[i], jobs[next]);
                next++;
            } else {
                active--;
                lanes[i] = lanes[active];
            }
        }
    }
    for (size_t i = 0; i < active; i++) {
        size_t blocks;
        do {
            blocks = lanes[i]->count;
            step(compress->one, 1, &lanes[i], blocks);
        } while (advance(lanes[i], blocks));
    }
    csign_wipe(streams, used * sizeof streams[0]);
    csign_wipe_stack();
}

#endif
