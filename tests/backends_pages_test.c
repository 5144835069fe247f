/* SPDX-License-Identifier: Apache-2.0 */
/* No backend that runs here reads or writes a byte outside what it is given: the key, the key made ready, header, parts and tag each
   begin right behind a page without access or end right before one, and what is only read lies on pages that cannot be written.
   Alone and in batches; the values are the portable backend's. */
#include "check.h"
#include "lib/crypto/backends.h"
#include "pages.h"
#include "pseudo_random.h"

enum { LONGEST = 4300, PARTS = 3, JOBS = 70, JOB_LONGEST = 1100 };

static uint8_t text[LONGEST], header[MESSAGE_HEADER], key[16];
static const csign_nonce nonce = {UINT64_C(0x0123456789ABCDEF), 3};
static const size_t some_lengths[] = {767,  768,  769,  1023, 1024, 1025, 2047,
                                      2048, 2049, 4095, 4096, 4097, 4159, LONGEST};
enum { EVERY_UP_TO = 600, LENGTHS = EVERY_UP_TO + 1 + sizeof some_lengths / sizeof some_lengths[0] };

/* Rooms that are made once: what is read is written through `put`, which opens the pages and closes them again. */
static pages key_room, ready_room, header_room, part_rooms[PARTS], tag_room;

static const uint8_t *put(const pages *room, const uint8_t *bytes, size_t len, bool at_end)
{
    uint8_t *to = at_end ? pages_tail(room, len) : room->begin;
    pages_protect(room, false);
    memcpy(to, bytes, len);
    pages_protect(room, true);
    return to;
}

/* A primitive's key made ready and its answer, with nothing between the call and the backend. */
typedef struct entry {
    size_t ready_len, tag_len;
    void (*make)(const csign_backend *b, void *ready, const uint8_t *key);
    void (*mac)(const csign_backend *b, const void *ready, uint8_t *tag, const csign_message *message);
    void (*batch)(const csign_backend *b, csign_mac_job *const *jobs, size_t count);
} entry;

static void make_cmac(const csign_backend *b, void *ready, const uint8_t *from)
{
    b->cmac_key(ready, from);
}

static void mac_cmac(const csign_backend *b, const void *ready, uint8_t *tag, const csign_message *message)
{
    b->cmac(ready, tag, message);
}

static void batch_cmac(const csign_backend *b, csign_mac_job *const *jobs, size_t count)
{
    b->cmac_batch(jobs, count);
}

static void make_gmac(const csign_backend *b, void *ready, const uint8_t *from)
{
    b->gmac_key(ready, from);
}

static void mac_gmac(const csign_backend *b, const void *ready, uint8_t *tag, const csign_message *message)
{
    b->gmac(ready, tag, nonce, message);
}

static void batch_gmac(const csign_backend *b, csign_mac_job *const *jobs, size_t count)
{
    b->gmac_batch(jobs, count);
}

static void make_hmac(const csign_backend *b, void *ready, const uint8_t *from)
{
    b->hmac_key(ready, (csign_bytes){from, sizeof key});
}

static void mac_hmac(const csign_backend *b, const void *ready, uint8_t *tag, const csign_message *message)
{
    b->hmac(ready, tag, message);
}

static void batch_hmac(const csign_backend *b, csign_mac_job *const *jobs, size_t count)
{
    b->hmac_batch(jobs, count);
}

static const entry entries[] = {
    [CSIGN_CMAC] = {sizeof(csign_cmac_key), 16, make_cmac, mac_cmac, batch_cmac},
    [CSIGN_GMAC] = {sizeof(csign_gmac_key), 16, make_gmac, mac_gmac, batch_gmac},
    [CSIGN_HMAC] = {sizeof(csign_hmac_key), 32, make_hmac, mac_hmac, batch_hmac},
};

/* In the room's own memory, then closed. sizeof is a multiple of the alignment, so that both places are aligned. */
static const void *make_ready(const csign_backend *b, const entry *e, bool at_end)
{
    void *ready = at_end ? pages_tail(&ready_room, e->ready_len) : ready_room.begin;
    const uint8_t *from = put(&key_room, key, sizeof key, at_end);
    pages_protect(&ready_room, false);
    e->make(b, ready, from);
    pages_protect(&ready_room, true);
    return ready;
}

/* The first len bytes of text in as many parts, each in a room of its own. */
static csign_message message(csign_bytes parts[PARTS], size_t len, size_t count, bool with_header, bool at_end)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t n = i + 1 == count ? len - at : (len - at) / (3 - i);
        parts[i] = (csign_bytes){put(&part_rooms[i], text + at, n, at_end), n};
        at += n;
    }
    return (csign_message){with_header ? put(&header_room, header, sizeof header, at_end) : NULL, parts, count};
}

static void one_by_one(const csign_backend *b, csign_primitive p)
{
    const entry *e = &entries[p];
    uint8_t ready[sizeof(union {
        csign_cmac_key cmac;
        csign_gmac_key gmac;
        csign_hmac_key hmac;
    })] __attribute__((aligned(64)));
    e->make(&csign_backend_portable, ready, key);
    for (unsigned at_end = 0; at_end < 2; at_end++) {
        const void *theirs = make_ready(b, e, at_end);
        for (size_t i = 0; i < LENGTHS; i++) {
            const size_t len = i <= EVERY_UP_TO ? i : some_lengths[i - EVERY_UP_TO - 1];
            csign_bytes parts[PARTS];
            const csign_message m = message(parts, len, 1 + 2 * (len % 2), len % 3 != 0, at_end);
            uint8_t expected[32], *tag = at_end ? pages_tail(&tag_room, e->tag_len) : tag_room.begin;
            e->mac(&csign_backend_portable, ready, expected, &m);
            e->mac(b, theirs, tag, &m);
            CHECK_BYTES(tag, expected, e->tag_len);
        }
    }
}

/* Each message of a batch in a room of its own, the longer ones first as the library sorts them. */
static void batches(const csign_backend *b, csign_primitive p, pages rooms[JOBS])
{
    const entry *e = &entries[p];
    const void *theirs = make_ready(b, e, true);
    csign_mac_job jobs[JOBS], *list[JOBS];
    csign_bytes parts[JOBS];
    uint64_t state = 9;
    for (unsigned at_end = 0; at_end < 2; at_end++) {
        for (size_t count = 1; count <= JOBS; count += count < 20 ? 1 : 10) {
            size_t len = JOB_LONGEST;
            for (size_t i = 0; i < count; i++) {
                const bool with_header = count % 3 != 0 || i % 2 != 0;
                len = i + 1 == count && count == 9 ? 0
                      : count % 2 != 0             ? len - pseudo_random_below(&state, len / 8 + 1)
                                                   : 3 * count + at_end; /* or of one length */
                parts[i] = (csign_bytes){put(&rooms[i], text, len, at_end), len};
                jobs[i] = (csign_mac_job){
                    .key = theirs, .message = {with_header ? header : NULL, &parts[i], 1}, .nonce = nonce};
                jobs[i].len = len + (with_header ? sizeof header : 0);
                list[i] = &jobs[i];
            }
            e->batch(b, list, count);
            for (size_t i = 0; i < count; i++) {
                uint8_t expected[32];
                e->mac(b, theirs, expected, &jobs[i].message);
                CHECK_BYTES(jobs[i].mac, expected, e->tag_len);
            }
        }
    }
}

/* The shorter way for sixteen messages of one length, each a header and a body in one room, under one key or two, of which the first may do; a tag
   that none asked for is anything. */
static void alike(const csign_backend *b, pages rooms[JOBS])
{
    enum { ALIKE = 16 };
    csign_cmac_key keys[2];
    b->cmac_key(&keys[0], key);
    b->cmac_key(&keys[1], text);
    for (size_t len = 64; len < JOB_LONGEST; len += len < 200 ? 1 : 37) {
        for (unsigned how = 0; how < 4; how++) {
            const size_t count = 1 + (len + how) % ALIKE;
            const csign_cmac_key *ready[ALIKE];
            const uint8_t *messages[ALIKE];
            uint8_t tags[ALIKE][16];
            for (size_t i = 0; i < ALIKE; i++) {
                ready[i] = &keys[how / 2 * (i % 2)];
                messages[i] = put(&rooms[i], text + i, len, how % 2);
            }
            b->cmac_alike(ready, messages, len, count, tags);
            for (size_t i = 0; i < count; i++) {
                const csign_bytes body = {messages[i] + 64, len - 64};
                uint8_t expected[16];
                b->cmac(ready[i], expected, &(csign_message){messages[i], &body, 1});
                CHECK_BYTES(tags[i], expected, 16);
            }
        }
    }
}

/* Likewise for AES-GMAC, whose messages have one key. */
static void gmac_alike(const csign_backend *b, pages rooms[JOBS])
{
    enum { ALIKE = 16 };
    csign_gmac_key ready;
    b->gmac_key(&ready, key);
    for (size_t len = 64; len <= GMAC_ALIKE_LONGEST; len++) {
        for (unsigned how = 0; how < 2; how++) {
            const size_t count = 1 + (len + how) % ALIKE;
            const uint8_t *messages[ALIKE];
            csign_nonce nonces[ALIKE];
            uint8_t tags[ALIKE][16];
            for (size_t i = 0; i < ALIKE; i++) {
                messages[i] = put(&rooms[i], text + i, len, how);
                nonces[i] = (csign_nonce){len + 1000 * i, (uint32_t)(i % 4)};
            }
            b->gmac_alike(&ready, nonces, messages, len, count, tags);
            for (size_t i = 0; i < count; i++) {
                const csign_bytes body = {messages[i] + 64, len - 64};
                uint8_t expected[16];
                b->gmac(&ready, expected, nonces[i], &(csign_message){messages[i], &body, 1});
                CHECK_BYTES(tags[i], expected, 16);
            }
        }
    }
}

/* SHA-512 takes whole blocks. */
static void sha512(const csign_backend *b)
{
    for (unsigned at_end = 0; at_end < 2; at_end++) {
        for (size_t count = 1; count <= LONGEST / 128; count++) {
            uint64_t expected[8] = {1, 2, 3}, *got = (void *)(at_end ? pages_tail(&tag_room, 64) : tag_room.begin);
            const uint8_t *blocks = put(&part_rooms[0], text, 128 * count, at_end);
            memcpy(got, expected, sizeof expected);
            csign_backend_portable.sha512_blocks(expected, blocks, count);
            b->sha512_blocks(got, blocks, count);
            CHECK_BYTES(got, expected, sizeof expected);
        }
    }
}

static void all(const csign_backend *b, pages rooms[JOBS])
{
    const bool has_batch[] = {b->cmac_batch != NULL, b->gmac_batch != NULL, b->hmac_batch != NULL};
    for (csign_primitive p = CSIGN_CMAC; p <= CSIGN_HMAC; p++) {
        if (csign_backend_has(b, p)) {
            one_by_one(b, p);
        }
        if (has_batch[p]) {
            batches(b, p, rooms);
        }
    }
    if (b->cmac_alike != NULL) {
        alike(b, rooms);
    }
    if (b->gmac_alike != NULL) {
        gmac_alike(b, rooms);
    }
    if (csign_backend_has(b, CSIGN_SHA512)) {
        sha512(b);
    }
}

int main(void)
{
    pages rooms[JOBS];
    uint64_t state = 5;
    pseudo_random_fill(&state, text, sizeof text);
    pseudo_random_fill(&state, header, sizeof header);
    pseudo_random_fill(&state, key, sizeof key);
    key_room = pages_map(sizeof key);
    ready_room = pages_map(sizeof(csign_gmac_key) + sizeof(csign_cmac_key));
    header_room = pages_map(sizeof header);
    tag_room = pages_map(64);
    for (size_t i = 0; i < PARTS; i++) {
        part_rooms[i] = pages_map(LONGEST);
    }
    for (size_t i = 0; i < JOBS; i++) {
        rooms[i] = pages_map(JOB_LONGEST);
    }
    for (const csign_backend *const *b = csign_backends; *b != NULL; b++) {
        if (csign_backend_missing(*b) == NULL) {
            all(*b, rooms);
        }
    }
    return CHECK_RESULT();
}
