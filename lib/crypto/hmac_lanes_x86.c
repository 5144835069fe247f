/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in lanes: see hmac_lanes_x86.h. A job is one stream of blocks, RFC 2104: the header, the parts with their padding, and the outer
   block with the inner digest; so a lane is never idle between the two hashes of HMAC. All lanes go on together by as many blocks as the
   one with the shortest run has. */
#include "build.h"

#ifdef CSIGN_HAVE_HMAC_LANES

#include <immintrin.h>

#include "hmac_lanes_x86.h"

#include "../include/countersign/signer_state.h"
#include "header_x86.h"
#include "message_blocks_x86.h"
#include "wipe.h"

#define SSSE3 __attribute__((target("ssse3")))

/* Sixteen bytes at a time, as the other blocks that are put together: the processor passes on what was just stored only if it was
   stored in one piece. */
static void copy_header(uint8_t block[64], const uint8_t *header)
{
    __m128i *to = (__m128i *)block;
    _mm_storeu_si128(to, header_block(header, 0));
    _mm_storeu_si128(to + 1, header_block(header, 1));
    _mm_storeu_si128(to + 2, header_block(header, 2));
    _mm_storeu_si128(to + 3, header_block(header, 3));
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

static void start(csign_hmac_lane *lane, csign_mac_job *job)
{
    const csign_hmac_key *key = (const csign_hmac_key *)job->key;
    memcpy(lane->secret.hash, key->inner, sizeof lane->secret.hash);
    lane->job = job;
    lane->outer = false;
    if (job->message.header == NULL) {
        csign_message_blocks_start(&lane->message, &job->message, 64, lane->secret.buffer);
        lane->count = csign_message_blocks_next(&lane->message, &lane->run);
    } else {
        csign_message_blocks_start(&lane->message, &job->message, 64 + MESSAGE_HEADER,
                                   lane->secret.buffer + MESSAGE_HEADER);
        copy_header(lane->secret.buffer, job->message.header);
        lane->run = lane->secret.buffer;
        lane->count = 1 + csign_message_blocks_end(&lane->message);
    }
}

/* The block is the inner digest, and the padding of 64 + 32 bytes. */
SSSE3 void csign_hmac_lane_start_outer(csign_hmac_lane *lane)
{
    const csign_hmac_key *key = (const csign_hmac_key *)lane->job->key;
    __m128i *block = (__m128i *)lane->secret.buffer;
    store_digest(lane->secret.buffer, lane->secret.hash);
    _mm_storeu_si128(block + 2, _mm_set_epi64x(0, 0x80));
    _mm_storeu_si128(block + 3, _mm_set_epi8(0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)); /* 8 * (64 + 32) bits */
    memcpy(lane->secret.hash, key->outer, sizeof lane->secret.hash);
    lane->run = lane->secret.buffer;
    lane->count = 1;
    lane->outer = true;
}

void csign_hmac_lane_finish(csign_hmac_lane *lane)
{
    store_digest(lane->job->mac, lane->secret.hash);
}

/* After so many blocks of the run: the next run, if this one is at its end. Whether there is more to do. */
static bool advance(csign_hmac_lane *lane, size_t blocks)
{
    lane->run += 64 * blocks;
    lane->count -= blocks;
    if (lane->count > 0) {
        return true;
    }
    if (lane->outer) {
        csign_hmac_lane_finish(lane);
        return false;
    }
    lane->count = csign_message_blocks_next(&lane->message, &lane->run);
    if (lane->count == 0) {
        csign_hmac_lane_start_outer(lane);
    }
    return true;
}

/* How many blocks all lanes can take together; *last: these are the last of every message. */
static size_t shortest_run(csign_hmac_lane *const *lanes, size_t active, bool *last)
{
    size_t shortest = SIZE_MAX;
    size_t longest = 0;
    bool padded = true;
    for (size_t i = 0; i < active; i++) {
        shortest = lanes[i]->count < shortest ? lanes[i]->count : shortest;
        longest = lanes[i]->count > longest ? lanes[i]->count : longest;
        padded = padded && lanes[i]->message.padded && !lanes[i]->outer;
    }
    *last = padded && shortest == longest;
    return shortest;
}

/* One step of the first lanes, as many as the way is wide; those whose message ends take the next, or one that waits, or leave. Gives how
   many are left. */
static size_t step(const csign_hmac_way *way, csign_hmac_lane **lanes, size_t active, csign_mac_job *const **next,
                   csign_mac_job *const *end)
{
    const size_t together = active < way->width ? active : way->width;
    bool last;
    const size_t blocks = shortest_run(lanes, together, &last);
    way->compress(lanes, blocks, last);
    for (size_t i = together; i-- > 0;) {
        if (!last && advance(lanes[i], blocks)) {
            continue;
        }
        if (*next < end) {
            start(lanes[i], **next);
            (*next)++;
        } else {
            active--;
            lanes[i] = lanes[active];
        }
    }
    return active;
}

void csign_hmac_alone(csign_hmac_compress *one, csign_mac_job *job)
{
    csign_hmac_lane lane, *lanes = &lane;
    bool last = false;
    start(&lane, job);
    while (!last) {
        const size_t blocks = shortest_run(&lanes, 1, &last);
        one(&lanes, blocks, last);
        if (!last) {
            (void)advance(&lane, blocks);
        }
    }
    csign_wipe(&lane.secret, sizeof lane.secret);
    csign_wipe_stack();
}

void csign_hmac_lanes(const csign_hmac_kernel *kernel, csign_mac_job *const *jobs, size_t count)
{
    csign_hmac_lane all[HMAC_LANES_MAX];
    csign_hmac_lane *lanes[HMAC_LANES_MAX];
    csign_mac_job *const *next = jobs, *const *const end = jobs + count;
    const csign_hmac_way *way = kernel->ways;
    size_t active = 0;
    while (count < way->lanes_min) {
        way++;
    }
    for (; active < way->width && next < end; active++, next++) {
        lanes[active] = &all[active];
        start(lanes[active], *next);
    }
    const size_t used = active;
    for (; active > 0; way++) {
        while (active > 0 && active >= way->lanes_min) {
            for (size_t i = active; i < way->width; i++) {
                lanes[i] = lanes[0];
            }
            active = step(way, lanes, active, &next, end);
        }
    }
    for (size_t i = 0; i < used; i++) {
        csign_wipe(&all[i].secret, sizeof all[i].secret);
    }
    kernel->wipe_stack();
}

#endif
