/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA-256 (RFC 2104, FIPS 198-1) with Armv8's SHA-256 instructions, four rounds each (FIPS 180-4 section 6.2.2). A message is a
   stream of blocks: header, parts and padding, and then the inner digest under the outer key. The two pads of a key, and the messages of
   a batch two by two, go interleaved, since each alone waits for its own rounds. */
#include "neon.h"

#if defined(CSIGN_HAVE_ARMV8)

#include "backend_armv8.h"
#include "hmac.h"
#include "wipe.h"

/* A hash value, a..d and e..h. */
typedef struct hash_value {
    uint32x4_t abcd, efgh;
} hash_value;

/* The last sixteen words of the message schedule. */
typedef struct words {
    uint32x4_t of[4];
} words;

NEON_INLINE hash_value load_hash(const uint32_t hash[8])
{
    return (hash_value){vld1q_u32(hash), vld1q_u32(hash + 4)};
}

NEON_INLINE uint32x4_t big_endian(uint8x16_t bytes)
{
    return vreinterpretq_u32_u8(vrev32q_u8(bytes));
}

/* Four rounds of one message, and the words of sixteen rounds later in place of those that were used: a ring. */
NEON_INLINE void four_rounds(hash_value *h, words *w, unsigned t)
{
    const unsigned i = t / 4 % 4;
    const uint32x4_t wk = vaddq_u32(w->of[i], vld1q_u32(csign_sha256_k + t));
    const uint32x4_t abcd = h->abcd;
    h->abcd = vsha256hq_u32(h->abcd, h->efgh, wk);
    h->efgh = vsha256h2q_u32(h->efgh, abcd, wk);
    if (t < 48) {
        const uint32x4_t earlier = vsha256su0q_u32(w->of[i], w->of[(i + 1) % 4]);
        w->of[i] = vsha256su1q_u32(earlier, w->of[(i + 2) % 4], w->of[(i + 3) % 4]);
    }
}

/* A block of each of one or two messages. */
NEON_INLINE void compress(hash_value *hash, words *w, unsigned messages)
{
    hash_value working[2] = {hash[0], hash[messages - 1]};
    for (unsigned t = 0; t < 64; t += 4) {
        for (unsigned m = 0; m < messages; m++) {
            four_rounds(&working[m], &w[m], t);
        }
    }
    for (unsigned m = 0; m < messages; m++) {
        hash[m].abcd = vaddq_u32(hash[m].abcd, working[m].abcd);
        hash[m].efgh = vaddq_u32(hash[m].efgh, working[m].efgh);
    }
}

/* One message under way. */
typedef struct stream {
    hash_value hash;
    const csign_hmac_key *key;
    uint8_t *mac;
    neon_reader reader;
    size_t len, left; /* bytes of the message, and those not yet taken */
    enum {
        BODY,
        LENGTH,
        OUTER,
        DONE
    } next; /* the next block: of the message and its one bit, of its length alone, of the digest */
} stream;

NEON_INLINE stream start(const csign_hmac_key *key, uint8_t *mac, const csign_message *message)
{
    stream s = {.hash = load_hash(key->inner), .key = key, .mac = mac, .next = BODY};
    s.reader = neon_read(message, &s.len);
    s.left = s.len;
    return s;
}

/* The last four words of a block, with the number of bits of a pad block and so many bytes more. */
NEON_INLINE uint32x4_t with_length(uint32x4_t last, uint64_t bytes)
{
    const uint64_t bits = 8 * (64 + bytes);
    return vorrq_u32(last, vreinterpretq_u32_u64(vcombine_u64(vcreate_u64(0), vcreate_u64(bits << 32 | bits >> 32))));
}

/* The inner digest, and its padding; the hash value becomes that behind the outer pad. */
NEON_INLINE words outer_block(stream *s)
{
    const uint32x4_t zero = vdupq_n_u32(0);
    const words w = {{s->hash.abcd, s->hash.efgh, vsetq_lane_u32(0x80000000, zero, 0), with_length(zero, 32)}};
    s->hash = load_hash(s->key->outer);
    s->next = DONE;
    return w;
}

/* The next block of the message, or of its padding (section 5.1.1), or the last one. */
NEON_INLINE words next_block(stream *s)
{
    words w;
    if (s->next == OUTER) {
        return outer_block(s);
    }
    const size_t n = s->left < 64 ? s->left : 64;
    const bool ends = s->next == BODY && n < 64, has_length = s->next == LENGTH || (ends && n < 56);
    for (unsigned i = 0; i < 4; i++) {
        const uint8x16_t one_bit = ends ? neon_byte_at(n - 16 * i, 0x80) : vdupq_n_u8(0);
        w.of[i] = big_endian(vorrq_u8(neon_read_block(&s->reader), one_bit));
    }
    if (has_length) {
        w.of[3] = with_length(w.of[3], s->len);
        s->next = OUTER;
    } else if (ends) {
        s->next = LENGTH;
    }
    s->left -= n;
    return w;
}

NEON_INLINE void store_mac(const stream *s)
{
    vst1q_u8(s->mac, vrev32q_u8(vreinterpretq_u8_u32(s->hash.abcd)));
    vst1q_u8(s->mac + 16, vrev32q_u8(vreinterpretq_u8_u32(s->hash.efgh)));
}

/* To its end. Not inlined, so that all it leaves on the stack lies below its caller, who wipes that. */
__attribute__((noinline)) ARMV8 static void finish(stream *s)
{
    while (s->next != DONE) {
        words w = next_block(s);
        compress(&s->hash, &w, 1);
    }
    store_mac(s);
}

/* Both, until one of them ends. */
__attribute__((noinline)) ARMV8 static void go_on(stream s[2])
{
    do {
        words w[2] = {next_block(&s[0]), next_block(&s[1])};
        hash_value hash[2] = {s[0].hash, s[1].hash};
        compress(hash, w, 2);
        s[0].hash = hash[0];
        s[1].hash = hash[1];
    } while (s[0].next != DONE && s[1].next != DONE);
}

ARMV8 void csign_hmac_armv8(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message)
{
    stream s = start(key, mac, message);
    finish(&s);
    csign_wipe(&s, sizeof s);
    csign_wipe_stack();
}

ARMV8 void csign_hmac_batch_armv8(csign_mac_job *const *jobs, size_t count)
{
    stream s[2];
    size_t lanes = 0, next = 0;
    for (;;) {
        for (; lanes < 2 && next < count; lanes++, next++) {
            s[lanes] = start(jobs[next]->key, jobs[next]->mac, &jobs[next]->message);
        }
        if (lanes < 2) {
            break;
        }
        go_on(s);
        for (size_t i = 2; i-- > 0;) {
            if (s[i].next == DONE) {
                store_mac(&s[i]);
                s[i] = s[--lanes];
            }
        }
    }
    if (lanes > 0) {
        finish(&s[0]);
    }
    csign_wipe(s, sizeof s);
    csign_wipe_stack();
}

ARMV8 void csign_hmac_key_armv8(csign_hmac_key *out, csign_bytes key)
{
    uint8_t pads[2][64];
    const hash_value initial = load_hash(csign_sha256_initial);
    hash_value hash[2] = {initial, initial};
    words w[2];
    csign_hmac_pads(pads[0], pads[1], key);
    for (unsigned m = 0; m < 2; m++) {
        for (unsigned i = 0; i < 4; i++) {
            w[m].of[i] = big_endian(vld1q_u8(pads[m] + 16 * i));
        }
    }
    compress(hash, w, 2);
    vst1q_u32(out->inner, hash[0].abcd);
    vst1q_u32(out->inner + 4, hash[0].efgh);
    vst1q_u32(out->outer, hash[1].abcd);
    vst1q_u32(out->outer + 4, hash[1].efgh);
    csign_wipe(pads, sizeof pads);
    csign_wipe(w, sizeof w);
    csign_wipe(hash, sizeof hash);
    csign_wipe_stack();
}

#endif
