/* SPDX-License-Identifier: Apache-2.0 */
/* What wipe_test searches a dead stack for: a key, what is computed from it, and what the three algorithms hold while they authenticate a
   message. Eight bytes each, as bytes and in the word orders in which the primitives hold them. The state of a message is taken from the
   library's own streams, for which its private headers are needed; that these are the values the tag comes from is checked. */
#ifndef COUNTERSIGN_TESTS_WIPE_NEEDLES_H
#define COUNTERSIGN_TESTS_WIPE_NEEDLES_H

#include <stdlib.h>

#include "check.h"
#include "lib/crypto/aes128.h"
#include "lib/crypto/cmac.h"
#include "lib/crypto/gmac.h"
#include "lib/crypto/hmac.h"
#include "samples.h"

enum { NEEDLE = 8, NEEDLES_MAX = 4096 };

/* A needle is eight bytes that nothing but the secret has. */
static uint8_t needles[NEEDLES_MAX][NEEDLE];
static const char *needle_names[NEEDLES_MAX];
static size_t needle_count;

static void add_needle(const char *name, const uint8_t *bytes)
{
    uint8_t any = 0;
    for (size_t i = 1; i < NEEDLE; i++) {
        any |= bytes[i] ^ bytes[0];
    }
    if (any == 0) {
        return; /* all bytes the same: such a run is no evidence */
    }
    if (!CHECK(needle_count < NEEDLES_MAX)) {
        exit(1);
    }
    memcpy(needles[needle_count], bytes, NEEDLE);
    needle_names[needle_count++] = name;
}

/* A secret in bytes, and as the words of 32 and 64 bits that a primitive loads of it. */
static void add_secret(const char *name, const uint8_t *secret, size_t len)
{
    for (size_t at = 0; at + NEEDLE <= len; at += NEEDLE) {
        uint8_t turned[NEEDLE];
        add_needle(name, secret + at);
        for (size_t i = 0; i < NEEDLE; i++) {
            turned[i] = secret[at + (i ^ 3)];
        }
        add_needle(name, turned);
        for (size_t i = 0; i < NEEDLE; i++) {
            turned[i] = secret[at + (i ^ 7)];
        }
        add_needle(name, turned);
    }
}

/* AES-128 round keys, FIPS 197 section 5.2, with the S-box from its definition. */
static uint8_t sbox(uint8_t x)
{
    uint8_t inverse = 0;
    for (unsigned y = 1; y < 256 && x != 0; y++) {
        unsigned a = x;
        unsigned product = 0;
        for (unsigned bit = 0; bit < 8; bit++) {
            product ^= (y >> bit & 1u) * a;
            a = (a << 1) ^ (a >> 7) * 0x11Bu;
        }
        if (product == 1) {
            inverse = (uint8_t)y;
        }
    }
    unsigned twice = inverse * 257u;
    return (uint8_t)(inverse ^ (twice >> 7) ^ (twice >> 6) ^ (twice >> 5) ^ (twice >> 4) ^ 0x63u);
}

static void add_round_keys(const char *name, const uint8_t aes_key[16])
{
    uint8_t w[176];
    unsigned rcon = 1;
    memcpy(w, aes_key, 16);
    for (size_t i = 16; i < sizeof w; i += 4) {
        uint8_t t[4];
        memcpy(t, w + i - 4, 4);
        if (i % 16 == 0) {
            const uint8_t first = t[0];
            t[0] = (uint8_t)(sbox(t[1]) ^ rcon);
            t[1] = sbox(t[2]);
            t[2] = sbox(t[3]);
            t[3] = sbox(first);
            rcon = (rcon << 1) ^ (rcon >> 7) * 0x11Bu;
        }
        for (size_t j = 0; j < 4; j++) {
            w[i + j] = w[i + j - 16] ^ t[j];
        }
    }
    add_secret(name, w + 16, sizeof w - 16);
}

/* Everything that follows from a signing key: itself, xored with HMAC's pads, AES round keys, and the states of the three signers. */
static void add_key(const uint8_t *bytes)
{
    uint8_t padded[16];
    add_secret("the key", bytes, 16);
    for (unsigned pad = 0x36; pad <= 0x5C; pad += 0x26) {
        for (size_t i = 0; i < 16; i++) {
            padded[i] = bytes[i] ^ (uint8_t)pad;
        }
        add_secret("the key under a pad of HMAC", padded, 16);
    }
    add_round_keys("AES round keys", bytes);
    for (size_t i = 0; i < 3; i++) {
        csign_signer made;
        (void)csign_signer_init(&made, sample_algorithms[i], bytes);
        add_secret("a signer's state", (const uint8_t *)&made.state, sizeof made.state);
        csign_signer_wipe(&made);
    }
}

/* a ^= b: blocks of 16 bytes. */
static void add_block_to(uint8_t a[16], const uint8_t b[16])
{
    for (size_t i = 0; i < 16; i++) {
        a[i] ^= b[i];
    }
}

/* HMAC: the hash value after K ^ ipad and the message's whole blocks, and the inner digest. */
static void add_hmac_message(const uint8_t *bytes, csign_bytes message)
{
    csign_hmac_key ready;
    csign_hmac hmac;
    uint8_t digest[32], mac[32], outer_digest[32];
    csign_hmac_key_init(&ready, sample_bytes(bytes, 16));
    csign_hmac_start(&hmac, &ready);
    csign_hmac_update(&hmac, message);
    add_secret("a hash value under HMAC's key", (const uint8_t *)hmac.inner.hash, sizeof hmac.inner.hash);
    csign_sha256 inner = hmac.inner;
    csign_sha256_finish(&inner, digest);
    CHECK_ZERO(&inner);
    add_secret("HMAC's inner digest", digest, sizeof digest);
    csign_hmac_finish(&hmac, mac);
    CHECK_ZERO(&hmac);
    csign_sha256 outer;
    csign_sha256_resume(&outer, ready.outer, 64);
    csign_sha256_update(&outer, sample_bytes(digest, sizeof digest));
    csign_sha256_finish(&outer, outer_digest);
    CHECK_BYTES(outer_digest, mac, sizeof mac);
}

/* CMAC: the chaining value with the beginning of the last block, and the cipher's last input, SP 800-38B section 6.2 steps 4 to 6. */
static void add_cmac_message(const uint8_t *bytes, csign_bytes message)
{
    csign_cmac_key ready;
    csign_cmac cmac;
    uint8_t last[16], tag[16], encrypted[16];
    csign_cmac_key_init(&ready, bytes);
    csign_cmac_start(&cmac, &ready);
    csign_cmac_update(&cmac, message);
    add_secret("CMAC's chaining value", cmac.chain, sizeof cmac.chain);
    memcpy(last, cmac.chain, sizeof last);
    if (cmac.used == 16) {
        add_block_to(last, ready.k1);
    } else {
        last[cmac.used] ^= 0x80;
        add_block_to(last, ready.k2);
    }
    add_secret("the last input of CMAC's cipher", last, sizeof last);
    csign_cmac_finish(&cmac, tag);
    CHECK_ZERO(&cmac);
    csign_aes128_encrypt(&ready.aes, encrypted, last);
    CHECK_BYTES(encrypted, tag, sizeof tag);
}

/* GMAC: the mask, which is the tag of the empty message; the GHASH before the block of lengths; and the last, which is the tag without the
   mask. SP 800-38D section 7.1. Either of mask and GHASH gives away the subkey to whoever sees message and tag. */
static void add_gmac_message(const uint8_t *bytes, const uint8_t *message_nonce, csign_bytes message)
{
    csign_gmac_key ready;
    csign_gmac gmac;
    uint8_t mask[16], tag[16], ghash[16];
    csign_gmac_aes128(mask, bytes, message_nonce, sample_bytes(NULL, 0));
    csign_gmac_key_init(&ready, bytes);
    csign_gmac_start(&gmac, &ready, csign_nonce_load(message_nonce));
    CHECK_BYTES(gmac.mask, mask, sizeof mask);
    csign_gmac_update(&gmac, message);
    add_secret("GMAC's mask", mask, sizeof mask);
    add_secret("a GHASH value", (const uint8_t *)gmac.hash, sizeof gmac.hash);
    csign_gmac_finish(&gmac, tag);
    CHECK_ZERO(&gmac);
    memcpy(ghash, tag, sizeof ghash);
    add_block_to(ghash, mask);
    add_secret("the last GHASH value", ghash, sizeof ghash);
}

/* Everything secret that authenticating a message with this key computes, in each algorithm; the nonce is GMAC's. */
static void add_message(const uint8_t *bytes, const uint8_t *message_nonce, csign_bytes message)
{
    add_hmac_message(bytes, message);
    add_cmac_message(bytes, message);
    add_gmac_message(bytes, message_nonce, message);
}

#endif
