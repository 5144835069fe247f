/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256: FIPS 180-4. Names as in section 6.2.2. The message schedule is wiped, because for HMAC it
   holds the key. */
#include "sha256.h"

#include <string.h>

#include "../octets.h"
#include "wipe.h"

/* Section 4.2.2: of the cube roots of the first 64 primes, the first 32 bits behind the point. */
const _Alignas(64) uint32_t csign_sha256_k[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
};

/* Section 5.3.3: of the square roots of the first eight primes, the first 32 bits behind the point. */
const uint32_t csign_sha256_initial[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                          0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

static inline uint32_t rotr(uint32_t x, unsigned n)
{
    return (x >> n) | (x << (32 - n));
}

static inline uint32_t ch(uint32_t x, uint32_t y, uint32_t z)
{
    return z ^ (x & (y ^ z));
}

static inline uint32_t maj(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) | (z & (x | y));
}

static inline uint32_t big_sigma_0(uint32_t x)
{
    return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22);
}

static inline uint32_t big_sigma_1(uint32_t x)
{
    return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25);
}

static inline uint32_t small_sigma_0(uint32_t x)
{
    return rotr(x, 7) ^ rotr(x, 18) ^ (x >> 3);
}

static inline uint32_t small_sigma_1(uint32_t x)
{
    return rotr(x, 17) ^ rotr(x, 19) ^ (x >> 10);
}

/* One round, section 6.2.2 step 3. Instead of moving a..h on by one place it leaves the next a in h and the next e in
   d, and the caller moves the names. wk is K_t + W_t. */
static inline void round_step(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f, uint32_t g,
                              uint32_t *h, uint32_t wk)
{
    const uint32_t t1 = *h + big_sigma_1(e) + ch(e, f, g) + wk;
    *d += t1;
    *h = t1 + big_sigma_0(a) + maj(a, b, c);
}

/* Section 6.2.2. */
static void compress(uint32_t hash[8], const uint8_t block[64])
{
    uint32_t w[64];
    uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3];
    uint32_t e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (unsigned t = 0; t < 16; t++) {
        w[t] = csign_load_be32(block + 4 * t);
    }
    for (unsigned t = 16; t < 64; t++) {
        w[t] = small_sigma_1(w[t - 2]) + w[t - 7] + small_sigma_0(w[t - 15]) + w[t - 16];
    }
    for (unsigned t = 0; t < 64; t += 8) {
        round_step(a, b, c, &d, e, f, g, &h, csign_sha256_k[t] + w[t]);
        round_step(h, a, b, &c, d, e, f, &g, csign_sha256_k[t + 1] + w[t + 1]);
        round_step(g, h, a, &b, c, d, e, &f, csign_sha256_k[t + 2] + w[t + 2]);
        round_step(f, g, h, &a, b, c, d, &e, csign_sha256_k[t + 3] + w[t + 3]);
        round_step(e, f, g, &h, a, b, c, &d, csign_sha256_k[t + 4] + w[t + 4]);
        round_step(d, e, f, &g, h, a, b, &c, csign_sha256_k[t + 5] + w[t + 5]);
        round_step(c, d, e, &f, g, h, a, &b, csign_sha256_k[t + 6] + w[t + 6]);
        round_step(b, c, d, &e, f, g, h, &a, csign_sha256_k[t + 7] + w[t + 7]);
    }
    hash[0] += a;
    hash[1] += b;
    hash[2] += c;
    hash[3] += d;
    hash[4] += e;
    hash[5] += f;
    hash[6] += g;
    hash[7] += h;
    csign_wipe(w, sizeof w);
}

void csign_sha256_start(csign_sha256 *sha256)
{
    csign_sha256_resume(sha256, csign_sha256_initial, 0);
}

void csign_sha256_resume(csign_sha256 *sha256, const uint32_t hash[8], uint64_t len)
{
    memset(sha256, 0, sizeof *sha256);
    memcpy(sha256->hash, hash, sizeof sha256->hash);
    sha256->len = len;
}

void csign_sha256_update(csign_sha256 *sha256, csign_bytes message)
{
    size_t done = 0;
    while (done < message.len) {
        const size_t used = (size_t)(sha256->len % 64);
        const size_t left = message.len - done;
        const size_t taken = left < 64 - used ? left : 64 - used;
        if (taken == 64) {
            compress(sha256->hash, message.data + done);
        } else {
            memcpy(sha256->block + used, message.data + done, taken);
            if (used + taken == 64) {
                compress(sha256->hash, sha256->block);
            }
        }
        sha256->len += taken;
        done += taken;
    }
}

/* Section 5.1.1: a one bit, zeros, and the length in bits in the last eight bytes of a block. */
void csign_sha256_finish(csign_sha256 *sha256, uint8_t digest[32])
{
    size_t used = (size_t)(sha256->len % 64);
    sha256->block[used] = 0x80;
    used++;
    if (used > 56) {
        memset(sha256->block + used, 0, 64 - used);
        compress(sha256->hash, sha256->block);
        used = 0;
    }
    memset(sha256->block + used, 0, 56 - used);
    csign_store_be64(sha256->block + 56, 8 * sha256->len);
    compress(sha256->hash, sha256->block);
    for (unsigned i = 0; i < 8; i++) {
        csign_store_be32(digest + 4 * i, sha256->hash[i]);
    }
    csign_wipe(sha256, sizeof *sha256);
}
