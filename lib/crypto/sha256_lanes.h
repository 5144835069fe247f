/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 of several messages at once, a word of each in one vector: FIPS 180-4 section 6.2.2. The vectors are those of the file that
   includes this; before it, that file defines
     LANES, vec                       how many, and the vector of as many words of 32 bits
     LANES_INLINE                     a function with its instructions, inlined
     v_add, v_ror, …                  these instructions
     load_blocks(w, from, at)         one block of each lane, from + at, by words
     load_hashes, store_hashes        hash values, likewise */
#include "hmac_lanes_x86.h"
#include "sha256.h"

#define BIG_SIGMA_0(x) v_xor3(v_ror(x, 2), v_ror(x, 13), v_ror(x, 22))
#define BIG_SIGMA_1(x) v_xor3(v_ror(x, 6), v_ror(x, 11), v_ror(x, 25))
#define SMALL_SIGMA_0(x) v_xor3(v_ror(x, 7), v_ror(x, 18), v_shr(x, 3))
#define SMALL_SIGMA_1(x) v_xor3(v_ror(x, 17), v_ror(x, 19), v_shr(x, 10))

/* One round, step 3. Instead of moving a..h on by one place it leaves the next a in h and the next e in d, and the caller moves the
   names. */
LANES_INLINE void round_step(vec a, vec b, vec c, vec *d, vec e, vec f, vec g, vec *h, vec w, unsigned t)
{
    const vec t1 = v_add(v_add(v_add(*h, v_add(w, v_set1(csign_sha256_k[t]))), v_ch(e, f, g)), BIG_SIGMA_1(e));
    *d = v_add(*d, t1);
    *h = v_add(v_add(t1, v_maj(a, b, c)), BIG_SIGMA_0(a));
}

/* Eight rounds with words of the message schedule; each is then replaced by the one of sixteen rounds later, step 1, if there is one.
   The schedule is a ring of two halves, and stays in memory: there it costs less than what would have to make room for it. */
#define W(j) (*((j) % 16 < 8 ? &now[(j) % 8] : &then[(j) % 8]))
#define ROUND(i, a, b, c, d, e, f, g, h)                                                                               \
    do {                                                                                                               \
        round_step(s[a], s[b], s[c], &s[d], s[e], s[f], s[g], &s[h], W(i), t + (i));                                   \
        if (more) {                                                                                                    \
            W(i) = v_add(v_add(W(i), SMALL_SIGMA_0(W((i) + 1))), v_add(W((i) + 9), SMALL_SIGMA_1(W((i) + 14))));       \
        }                                                                                                              \
    } while (0)

LANES_INLINE void eight_rounds(vec s[8], vec now[8], vec then[8], unsigned t, bool more)
{
    ROUND(0, 0, 1, 2, 3, 4, 5, 6, 7);
    ROUND(1, 7, 0, 1, 2, 3, 4, 5, 6);
    ROUND(2, 6, 7, 0, 1, 2, 3, 4, 5);
    ROUND(3, 5, 6, 7, 0, 1, 2, 3, 4);
    ROUND(4, 4, 5, 6, 7, 0, 1, 2, 3);
    ROUND(5, 3, 4, 5, 6, 7, 0, 1, 2);
    ROUND(6, 2, 3, 4, 5, 6, 7, 0, 1);
    ROUND(7, 1, 2, 3, 4, 5, 6, 7, 0);
}

LANES_INLINE void compress(vec hash[8], vec w[16])
{
    vec s[8] = {hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]};
    for (unsigned t = 0; t < 48; t += 8) {
        eight_rounds(s, w + t % 16, w + (t + 8) % 16, t, true);
    }
    for (unsigned t = 48; t < 64; t += 8) {
        eight_rounds(s, w + t % 16, w, t, false);
    }
#define ADD(i) hash[i] = v_add(hash[i], s[i]);
    EACH_OF_8(ADD)
}

/* The outer hash's block: the inner digest, and the padding of 64 + 32 bytes. */
LANES_INLINE void outer_words(vec w[16], const vec hash[8])
{
#define WORDS(i) (w[i] = hash[i], w[8 + (i)] = v_set1(0));
    EACH_OF_8(WORDS)
    w[8] = v_set1(0x80000000);
    w[15] = v_set1(8 * (64 + 32));
}

LANES_INLINE void compress_lanes(csign_hmac_lane *const *lanes, size_t count, bool last)
{
    const uint8_t *from[LANES];
    const uint8_t *outer[LANES];
    uint8_t *to[LANES];
    vec hash[8];
    vec w[16];
    for (unsigned i = 0; i < LANES; i++) {
        from[i] = (const uint8_t *)lanes[i]->secret.hash;
        outer[i] = (const uint8_t *)csign_hmac_lane_outer(lanes[i]);
        to[i] = last ? lanes[i]->job->mac : (uint8_t *)lanes[i]->secret.hash;
    }
    load_hashes(hash, from);
    for (unsigned i = 0; i < LANES; i++) {
        from[i] = lanes[i]->run;
    }
    for (size_t n = 0; n < count + last; n++) {
        if (n < count) {
            load_blocks(w, from, 64 * n);
        } else {
            outer_words(w, hash);
            load_hashes(hash, outer);
        }
        compress(hash, w);
    }
    if (last) {
#define SWAP(i) hash[i] = v_swap(hash[i]);
        EACH_OF_8(SWAP)
    }
    store_hashes(to, hash);
}
