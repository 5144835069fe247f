/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-512: FIPS 180-4. Names as in section 6.4.2. The message schedule is wiped, because a message may be
   secret. */
#include "sha512.h"

#include <string.h>

#include "../octets.h"
#include "wipe.h"

/* Section 4.2.3: of the cube roots of the first 80 primes, the first 64 bits behind the point. */
const uint64_t csign_sha512_k[80] = {
    0x428A2F98D728AE22, 0x7137449123EF65CD, 0xB5C0FBCFEC4D3B2F, 0xE9B5DBA58189DBBC, 0x3956C25BF348B538,
    0x59F111F1B605D019, 0x923F82A4AF194F9B, 0xAB1C5ED5DA6D8118, 0xD807AA98A3030242, 0x12835B0145706FBE,
    0x243185BE4EE4B28C, 0x550C7DC3D5FFB4E2, 0x72BE5D74F27B896F, 0x80DEB1FE3B1696B1, 0x9BDC06A725C71235,
    0xC19BF174CF692694, 0xE49B69C19EF14AD2, 0xEFBE4786384F25E3, 0x0FC19DC68B8CD5B5, 0x240CA1CC77AC9C65,
    0x2DE92C6F592B0275, 0x4A7484AA6EA6E483, 0x5CB0A9DCBD41FBD4, 0x76F988DA831153B5, 0x983E5152EE66DFAB,
    0xA831C66D2DB43210, 0xB00327C898FB213F, 0xBF597FC7BEEF0EE4, 0xC6E00BF33DA88FC2, 0xD5A79147930AA725,
    0x06CA6351E003826F, 0x142929670A0E6E70, 0x27B70A8546D22FFC, 0x2E1B21385C26C926, 0x4D2C6DFC5AC42AED,
    0x53380D139D95B3DF, 0x650A73548BAF63DE, 0x766A0ABB3C77B2A8, 0x81C2C92E47EDAEE6, 0x92722C851482353B,
    0xA2BFE8A14CF10364, 0xA81A664BBC423001, 0xC24B8B70D0F89791, 0xC76C51A30654BE30, 0xD192E819D6EF5218,
    0xD69906245565A910, 0xF40E35855771202A, 0x106AA07032BBD1B8, 0x19A4C116B8D2D0C8, 0x1E376C085141AB53,
    0x2748774CDF8EEB99, 0x34B0BCB5E19B48A8, 0x391C0CB3C5C95A63, 0x4ED8AA4AE3418ACB, 0x5B9CCA4F7763E373,
    0x682E6FF3D6B2B8A3, 0x748F82EE5DEFB2FC, 0x78A5636F43172F60, 0x84C87814A1F0AB72, 0x8CC702081A6439EC,
    0x90BEFFFA23631E28, 0xA4506CEBDE82BDE9, 0xBEF9A3F7B2C67915, 0xC67178F2E372532B, 0xCA273ECEEA26619C,
    0xD186B8C721C0C207, 0xEADA7DD6CDE0EB1E, 0xF57D4F7FEE6ED178, 0x06F067AA72176FBA, 0x0A637DC5A2C898A6,
    0x113F9804BEF90DAE, 0x1B710B35131C471B, 0x28DB77F523047D84, 0x32CAAB7B40C72493, 0x3C9EBE0A15C9BEBC,
    0x431D67C49C100D4C, 0x4CC5D4BECB3E42B6, 0x597F299CFC657E2A, 0x5FCB6FAB3AD6FAEC, 0x6C44198C4A475817,
};

static inline uint64_t rotr(uint64_t x, unsigned n)
{
    return (x >> n) | (x << (64 - n));
}

static inline uint64_t ch(uint64_t x, uint64_t y, uint64_t z)
{
    return z ^ (x & (y ^ z));
}

static inline uint64_t maj(uint64_t x, uint64_t y, uint64_t z)
{
    return (x & y) | (z & (x | y));
}

static inline uint64_t big_sigma_0(uint64_t x)
{
    return rotr(x, 28) ^ rotr(x, 34) ^ rotr(x, 39);
}

static inline uint64_t big_sigma_1(uint64_t x)
{
    return rotr(x, 14) ^ rotr(x, 18) ^ rotr(x, 41);
}

static inline uint64_t small_sigma_0(uint64_t x)
{
    return rotr(x, 1) ^ rotr(x, 8) ^ (x >> 7);
}

static inline uint64_t small_sigma_1(uint64_t x)
{
    return rotr(x, 19) ^ rotr(x, 61) ^ (x >> 6);
}

/* One round, section 6.4.2 step 3. Instead of moving a..h on by one place it leaves the next a in h and the next e in
   d, and the caller moves the names. wk is K_t + W_t. */
static inline void round_step(uint64_t a, uint64_t b, uint64_t c, uint64_t *d, uint64_t e, uint64_t f, uint64_t g,
                              uint64_t *h, uint64_t wk)
{
    const uint64_t t1 = *h + big_sigma_1(e) + ch(e, f, g) + wk;
    *d += t1;
    *h = t1 + big_sigma_0(a) + maj(a, b, c);
}

/* Section 6.4.2. */
static void compress(uint64_t hash[8], const uint8_t block[128])
{
    uint64_t w[80];
    uint64_t a = hash[0], b = hash[1], c = hash[2], d = hash[3];
    uint64_t e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (unsigned t = 0; t < 16; t++) {
        w[t] = csign_load_be64(block + 8 * t);
    }
    for (unsigned t = 16; t < 80; t++) {
        w[t] = small_sigma_1(w[t - 2]) + w[t - 7] + small_sigma_0(w[t - 15]) + w[t - 16];
    }
    for (unsigned t = 0; t < 80; t += 8) {
        round_step(a, b, c, &d, e, f, g, &h, csign_sha512_k[t] + w[t]);
        round_step(h, a, b, &c, d, e, f, &g, csign_sha512_k[t + 1] + w[t + 1]);
        round_step(g, h, a, &b, c, d, e, &f, csign_sha512_k[t + 2] + w[t + 2]);
        round_step(f, g, h, &a, b, c, d, &e, csign_sha512_k[t + 3] + w[t + 3]);
        round_step(e, f, g, &h, a, b, c, &d, csign_sha512_k[t + 4] + w[t + 4]);
        round_step(d, e, f, &g, h, a, b, &c, csign_sha512_k[t + 5] + w[t + 5]);
        round_step(c, d, e, &f, g, h, a, &b, csign_sha512_k[t + 6] + w[t + 6]);
        round_step(b, c, d, &e, f, g, h, &a, csign_sha512_k[t + 7] + w[t + 7]);
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

void csign_sha512_blocks(uint64_t hash[8], const uint8_t *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        compress(hash, blocks + 128 * i);
    }
}

void csign_sha512_start(csign_sha512_stream *sha512, csign_sha512_compress *blocks)
{
    /* Section 5.3.5: of the square roots of the first eight primes, the first 64 bits behind the point. */
    static const uint64_t initial[8] = {0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
                                        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179};
    memset(sha512, 0, sizeof *sha512);
    sha512->blocks = blocks;
    memcpy(sha512->hash, initial, sizeof sha512->hash);
}

void csign_sha512_update(csign_sha512_stream *sha512, csign_bytes message)
{
    size_t done = 0;
    while (done < message.len) {
        const size_t used = (size_t)(sha512->len % 128);
        const size_t left = message.len - done;
        size_t taken = left < 128 - used ? left : 128 - used;
        if (taken == 128) {
            sha512->blocks(sha512->hash, message.data + done, left / 128);
            taken = left / 128 * 128;
        } else {
            memcpy(sha512->block + used, message.data + done, taken);
            if (used + taken == 128) {
                sha512->blocks(sha512->hash, sha512->block, 1);
            }
        }
        sha512->len += taken;
        done += taken;
    }
}

/* Section 5.1.2: a one bit, zeros, and the length in bits in the last sixteen bytes of a block. */
void csign_sha512_finish(csign_sha512_stream *sha512, uint8_t digest[64])
{
    size_t used = (size_t)(sha512->len % 128);
    sha512->block[used] = 0x80;
    used++;
    if (used > 112) {
        memset(sha512->block + used, 0, 128 - used);
        sha512->blocks(sha512->hash, sha512->block, 1);
        used = 0;
    }
    memset(sha512->block + used, 0, 112 - used);
    csign_store_be64(sha512->block + 112, sha512->len >> 61);
    csign_store_be64(sha512->block + 120, sha512->len << 3);
    sha512->blocks(sha512->hash, sha512->block, 1);
    for (unsigned i = 0; i < 8; i++) {
        csign_store_be64(digest + 8 * i, sha512->hash[i]);
    }
    csign_wipe(sha512, sizeof *sha512);
}
