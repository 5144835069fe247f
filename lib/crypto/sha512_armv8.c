/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-512 with the instructions of FEAT_SHA512, two rounds each: FIPS 180-4 section 6.4.2. */
#include "build.h"

#if defined(CSIGN_HAVE_ARMV8_SHA512)

#include <arm_neon.h>

#include "backend_armv8.h"

#if defined(__clang__)
#define SHA512_TARGET __attribute__((target("sha3")))
#else
#define SHA512_TARGET __attribute__((target("arch=armv8.2-a+sha3")))
#endif

/* The hash value as a and b, c and d, e and f, g and h. */
enum { AB, CD, EF, GH };

/* Rounds t and t + 1. Each pair of variables moves on by one place, and what becomes a and b is new. */
SHA512_TARGET static inline void two_rounds(uint64x2_t v[4], uint64x2_t words, unsigned t)
{
    const uint64x2_t wk = vaddq_u64(words, vld1q_u64(csign_sha512_k + t));
    const uint64x2_t with_h = vaddq_u64(vextq_u64(wk, wk, 1), v[GH]);
    const uint64x2_t t1 = vsha512hq_u64(with_h, vextq_u64(v[EF], v[GH], 1), vextq_u64(v[CD], v[EF], 1));
    const uint64x2_t ab = vsha512h2q_u64(t1, v[CD], v[AB]);
    v[GH] = v[EF];
    v[EF] = vaddq_u64(v[CD], t1);
    v[CD] = v[AB];
    v[AB] = ab;
}

SHA512_TARGET static inline void compress(uint64x2_t hash[4], const uint8_t *block)
{
    uint64x2_t w[8], v[4] = {hash[AB], hash[CD], hash[EF], hash[GH]};
    for (unsigned i = 0; i < 8; i++) {
        w[i] = vreinterpretq_u64_u8(vrev64q_u8(vld1q_u8(block + 16 * i)));
    }
    for (unsigned t = 0; t < 80; t += 16) {
        for (unsigned i = 0; i < 8; i++) {
            two_rounds(v, w[i], t + 2 * i);
            /* The word pair of sixteen rounds later, in place of the one that was used: a ring. */
            const uint64x2_t earlier = vsha512su0q_u64(w[i], w[(i + 1) % 8]);
            const uint64x2_t middle = vextq_u64(w[(i + 4) % 8], w[(i + 5) % 8], 1);
            w[i] = t < 64 ? vsha512su1q_u64(earlier, w[(i + 7) % 8], middle) : w[i];
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        hash[i] = vaddq_u64(hash[i], v[i]);
    }
}

SHA512_TARGET void csign_sha512_blocks_armv8(uint64_t hash[8], const uint8_t *blocks, size_t count)
{
    uint64x2_t h[4] = {vld1q_u64(hash), vld1q_u64(hash + 2), vld1q_u64(hash + 4), vld1q_u64(hash + 6)};
    for (size_t i = 0; i < count; i++) {
        compress(h, blocks + 128 * i);
    }
    for (unsigned i = 0; i < 4; i++) {
        vst1q_u64(hash + 2 * i, h[i]);
    }
}

#endif
