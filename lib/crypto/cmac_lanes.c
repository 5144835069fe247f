/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC of many messages in lanes (NIST SP 800-38B section 6.2). One CBC-MAC chain leaves most of the cipher's pipeline empty,
   so several run beside each other, each on a message of its own: the lanes go on together until one of them needs other memory, and a
   lane whose message ended takes the next. A message's pieces are its header, the whole blocks of its body where they lie, blocks that lie
   in two parts, put together in the lane, and the last block, masked there; of a short message all is put together at once. */
#include "cmac_lanes.h"

#include "wipe.h"

#if defined(CSIGN_HAVE_AESNI) || defined(CSIGN_HAVE_ARMV8)

/* The next len bytes of the body. */
static void gather(struct csign_cmac_lane *lane, uint8_t *to, size_t len)
{
    const csign_message *message = &lane->job->message;
    while (len > 0) {
        const csign_bytes part = message->parts[lane->part];
        const size_t left = part.len - lane->from;
        const size_t taken = left < len ? left : len;
        if (taken > 0) {
            memcpy(to, part.data + lane->from, taken);
        }
        to += taken, len -= taken, lane->from += taken;
        if (len > 0) {
            lane->part++, lane->from = 0;
        }
    }
}

static void mask(uint8_t block[16], const uint8_t subkey[16])
{
    uint64_t words[2], subkey_words[2];
    memcpy(words, block, sizeof words);
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): every job has a key */
    memcpy(subkey_words, subkey, sizeof subkey_words);
    words[0] ^= subkey_words[0];
    words[1] ^= subkey_words[1];
    memcpy(block, words, sizeof words);
}

/* Pads and masks the last block, which has len bytes; its other bytes are zeros. */
static void finish_block(uint8_t block[16], size_t len, const csign_cmac_key *key)
{
    if (len == 16) {
        mask(block, key->k1);
    } else {
        block[len] = 0x80;
        mask(block, key->k2);
    }
}

static void start(csign_cmac_lanes *lanes, unsigned l, csign_mac_job *job)
{
    struct csign_cmac_lane *lane = &lanes->lane[l];
    const csign_cmac_key *key = job->key;
    const size_t header = job->message.header != NULL ? MESSAGE_HEADER : 0;
    const size_t body = job->len - header;
    lane->job = job;
    lane->part = 0, lane->from = 0;
    lane->blocks = 0, lane->last = 0;
    memset(lanes->chain[l], 0, sizeof lanes->chain[l]);
    if (!lanes->one_key && lanes->key[l] != key) {
        for (unsigned round = 0; round < 11; round++) {
            memcpy(lanes->round_keys[round][l], key->aes.rounds[round], 16);
        }
    }
    lanes->key[l] = key;
    lanes->at[l] = lane->gathered;
    lanes->left[l] = header / 16;
    if (header > 0) {
        csign_message_header(lane->gathered, job->message.header);
    }
    if (job->len <= CMAC_GATHERED) {
        const size_t blocks = job->len == 0 ? 1 : (job->len + 15) / 16;
        uint8_t *last = lane->gathered + 16 * (blocks - 1);
        if (body > 0 || header == 0) {
            memset(last, 0, 16);
            gather(lane, lane->gathered + header, body);
        }
        finish_block(last, job->len - 16 * (blocks - 1), key);
        lane->masked = 16 * (blocks - 1);
        lanes->left[l] = blocks;
    } else {
        lane->blocks = (body - 1) / 16;
        lane->last = body - 16 * lane->blocks;
    }
}

/* More blocks for a lane that has none left; false: its message is at its end. */
static bool go_on(csign_cmac_lanes *lanes, unsigned l)
{
    struct csign_cmac_lane *lane = &lanes->lane[l];
    if (lane->blocks > 0) {
        const csign_bytes part = lane->job->message.parts[lane->part];
        const size_t whole = (part.len - lane->from) / 16;
        if (whole > 0) {
            lanes->at[l] = part.data + lane->from;
            lanes->left[l] = whole < lane->blocks ? whole : lane->blocks;
            lane->from += 16 * lanes->left[l];
        } else {
            lanes->at[l] = lane->gathered;
            lanes->left[l] = 1;
            gather(lane, lane->gathered, 16);
        }
        lane->blocks -= lanes->left[l];
        return true;
    }
    if (lane->last > 0) {
        memset(lane->gathered, 0, 16);
        gather(lane, lane->gathered, lane->last);
        finish_block(lane->gathered, lane->last, lane->job->key);
        lane->last = 0, lane->masked = 0;
        lanes->at[l] = lane->gathered;
        lanes->left[l] = 1;
        return true;
    }
    return false;
}

static bool one_key(csign_mac_job *const *jobs, size_t count)
{
    size_t i = 1;
    while (i < count && jobs[i]->key == jobs[0]->key) {
        i++;
    }
    return i == count;
}

/* Gives a lane that has no blocks left more of its message, or the next message. */
static void feed(csign_cmac_lanes *lanes, unsigned l, csign_mac_job *const **next, csign_mac_job *const *end)
{
    struct csign_cmac_lane *lane = &lanes->lane[l];
    while (lanes->left[l] == 0) {
        if (lane->job != NULL) {
            if (go_on(lanes, l)) {
                return;
            }
            memcpy(lane->job->mac, lanes->chain[l], 16);
            csign_wipe(lane->gathered + lane->masked, 16);
            lane->job = NULL;
        }
        if (*next == end) {
            return;
        }
        start(lanes, l, **next);
        (*next)++;
    }
}

void csign_cmac_lanes_run(unsigned lane_count, csign_cmac_blocks *blocks, csign_mac_job *const *jobs, size_t count)
{
    csign_cmac_lanes all, *const lanes = &all;
    csign_mac_job *const *next = jobs, *const *const end = jobs + count;
    lanes->one_key = one_key(jobs, count);
    for (unsigned l = 0; l < lane_count; l++) {
        lanes->lane[l].job = NULL;
        lanes->left[l] = 0;
        lanes->key[l] = NULL;
    }
    for (;;) {
        size_t step = SIZE_MAX;
        const uint8_t *somewhere = NULL;
        for (unsigned l = 0; l < lane_count; l++) {
            if (lanes->left[l] == 0) {
                feed(lanes, l, &next, end);
            }
            if (lanes->left[l] > 0 && lanes->left[l] < step) {
                step = lanes->left[l];
                somewhere = lanes->at[l];
            }
        }
        if (somewhere == NULL) {
            break;
        }
        for (unsigned l = 0; l < lane_count; l++) {
            if (lanes->left[l] == 0) {
                lanes->at[l] = somewhere; /* an idle lane computes along, over memory that is there */
                lanes->key[l] = lanes->key[l] == NULL ? jobs[0]->key : lanes->key[l];
            }
        }
        blocks(lanes, step);
        for (unsigned l = 0; l < lane_count; l++) {
            if (lanes->lane[l].job != NULL) {
                lanes->at[l] += 16 * step;
                lanes->left[l] -= step;
            }
        }
    }
    csign_wipe(lanes->chain, sizeof lanes->chain);
    if (!lanes->one_key) {
        csign_wipe(lanes->round_keys, sizeof lanes->round_keys);
    }
    csign_wipe_stack_deep();
}

#endif
