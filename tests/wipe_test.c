/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets do not outlive their use, inspected in memory after optimisation. Wiped objects are zero to the byte. And each call runs on a
   stack of its own, filled with a pattern; afterwards that dead stack is searched for the key, for what is computed from it and for what it
   derives, byte by byte and in the word orders in which the primitives hold it. A call that leaves its key behind must be found.

   wipe_test_compilers.sh runs this with several compilers and levels: what survives is the optimiser's decision. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "check.h"
#include "samples.h"

enum { STACK = 256 * 1024, NEEDLE = 8, NEEDLES_MAX = 4096 };

static uint8_t *stack;
static ucontext_t home, away;

/* A needle is eight bytes that nothing but the secret has. */
static uint8_t needles[NEEDLES_MAX][NEEDLE];
static const char *needle_names[NEEDLES_MAX];
static size_t needle_count;

/* Inputs and outputs live here, off the stack that is searched. */
static uint8_t key[32], hash[64], nonce[12], message[100], out[64];
static csign_signer signer;
static csign_session session;
static csign_channel channel;
static const csign_negotiated *negotiated;

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

static void (*the_call)(void);

/* What runs on this stack after the call, to leave it, must not cover what the call left: the call stands well below. */
static void trampoline(void)
{
    uint8_t gap[4096];
    __asm__ volatile("" : : "r"(gap) : "memory");
    the_call();
    __asm__ volatile("" : : "r"(gap) : "memory");
}

/* Runs the call on the stack that is searched; returns what was found there, or NULL. */
static const char *residue_of(void (*call)(void))
{
    memset(stack, 0x5C, STACK);
    the_call = call;
    if (getcontext(&away) != 0) {
        return "getcontext";
    }
    away.uc_stack.ss_sp = stack;
    away.uc_stack.ss_size = STACK;
    away.uc_link = &home;
    makecontext(&away, trampoline, 0);
    if (swapcontext(&home, &away) != 0) {
        return "swapcontext";
    }
    /* Stacks grow down: below the lowest byte that changed nothing was used. */
    size_t lowest = 0;
    while (lowest < STACK && stack[lowest] == 0x5C) {
        lowest++;
    }
    if (!CHECK(lowest >= NEEDLE && lowest < STACK - 4096)) {
        return "the call did not run on this stack, or used all of it";
    }
    for (size_t at = lowest - NEEDLE + 1; at + NEEDLE <= STACK; at++) {
        for (size_t n = 0; n < needle_count; n++) {
            if (stack[at] == needles[n][0] && memcmp(stack + at, needles[n], NEEDLE) == 0) {
                return needle_names[n];
            }
        }
    }
    return NULL;
}

static csign_bytes whole_key(void)
{
    return sample_bytes(key, sizeof key);
}

static void call_hmac(void)
{
    csign_hmac_sha256(out, sample_bytes(key, 16), sample_bytes(message, sizeof message));
}
static void call_cmac(void)
{
    csign_cmac_aes128(out, key, sample_bytes(message, sizeof message));
}
static void call_gmac(void)
{
    csign_gmac_aes128(out, key, nonce, sample_bytes(message, sizeof message));
}
static void call_kdf(void)
{
    (void)csign_kdf_sp800_108(out, 48, sample_bytes(key, 16), sample_bytes(nonce, 12), sample_bytes(hash, 64));
}
static void call_derive_2x(void)
{
    (void)csign_derive_key(out, 16, CSIGN_KEY_SIGNING, CSIGN_SMB_2_1, whole_key(), NULL);
}
static void call_derive_30(void)
{
    (void)csign_derive_key(out, 16, CSIGN_KEY_SIGNING, CSIGN_SMB_3_0, whole_key(), NULL);
}
static void call_derive_311(void)
{
    (void)csign_derive_key(out, 32, CSIGN_KEY_CLIENT_TO_SERVER, CSIGN_SMB_3_1_1, whole_key(), hash);
}
static void call_signer_init(void)
{
    (void)csign_signer_init(&signer, negotiated->signing_algorithm, key);
}
static void call_sign(void)
{
    (void)csign_sign(&signer, message, sizeof message);
}
static void call_verify(void)
{
    (void)csign_verify(&signer, message, sizeof message);
}
static void call_session(void)
{
    (void)csign_session_derive(&session, negotiated, whole_key(), hash);
}
static void call_bind(void)
{
    (void)csign_session_bind(&channel, &session, negotiated, whole_key(), hash);
}
static void call_session_wipe(void)
{
    csign_session_wipe(&session);
}

/* What the search must find: a copy that is never cleared. */
static void call_planted(void)
{
    uint8_t copy[16];
    memcpy(copy, key, sizeof copy);
    __asm__ volatile("" : : "r"(copy) : "memory");
}

/* And round keys, as an implementation without wipes would leave them. */
static void call_planted_state(void)
{
    csign_signer left;
    (void)csign_signer_init(&left, CSIGN_AES_CMAC, key);
    __asm__ volatile("" : : "r"(&left) : "memory");
}

static void check_clean(const char *name, void (*call)(void))
{
    const char *found = residue_of(call);
    if (!CHECK(found == NULL)) {
        fprintf(stderr, "%s leaves on the stack: %s\n", name, found);
    }
}

#define CLEAN(call) check_clean(#call, call)

/* The needles for everything that csign_session_derive and csign_session_bind compute. */
static void add_session_secrets(void)
{
    csign_session made;
    csign_channel bound;
    CHECK_STATUS(csign_session_derive(&made, negotiated, whole_key(), hash), CSIGN_OK);
    add_key(made.signing.bytes);
    add_secret("an application key", made.application.bytes, 16);
    add_secret("a cipher key", made.client_to_server.bytes, made.client_to_server.len);
    add_secret("a cipher key", made.server_to_client.bytes, made.server_to_client.len);
    CHECK_STATUS(csign_session_bind(&bound, &made, negotiated, whole_key(), hash), CSIGN_OK);
    csign_session_wipe(&made);
    csign_channel_wipe(&bound);
}

static void dead_stack(void)
{
    static csign_negotiated agreed = {CSIGN_SMB_3_1_1, CSIGN_HMAC_SHA256, true, CSIGN_AES_256_GCM, true, 1};
    negotiated = &agreed;
    for (size_t i = 0; i < 3; i++) {
        agreed.signing_algorithm = sample_algorithms[i];
        needle_count = 0;
        add_key(key);
        add_secret("the rest of the key", key + 16, 16);
        add_session_secrets();
        CLEAN(call_signer_init);
        sample_message(message, sizeof message);
        CLEAN(call_sign);
        CLEAN(call_verify);
        /* The right tag of a forged message is a secret too. */
        add_secret("the right tag of a forged message", message + 48, 16);
        memset(message + 48, 0, 16);
        CLEAN(call_verify);
        CLEAN(call_session);
        CLEAN(call_bind);
        CLEAN(call_session_wipe);
        csign_signer_wipe(&signer);
        csign_channel_wipe(&channel);
    }
    /* Derived keys of the one-shot calls, wherever they may stand. */
    call_derive_30();
    add_secret("a derived key", out, 16);
    call_derive_311();
    add_secret("a derived key", out, 32);
    call_kdf();
    add_secret("a derived key", out, 48);
    memset(out, 0, sizeof out);
    CLEAN(call_hmac);
    CLEAN(call_cmac);
    CLEAN(call_gmac);
    CLEAN(call_kdf);
    CLEAN(call_derive_2x);
    CLEAN(call_derive_30);
    CLEAN(call_derive_311);
    const char *planted = residue_of(call_planted);
    CHECK(planted != NULL && strcmp(planted, "the key") == 0);
    planted = residue_of(call_planted_state);
    CHECK(planted != NULL);
}

static void objects(void)
{
    static const csign_negotiated agreed = {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, true, CSIGN_AES_256_GCM, true, 1};
    for (size_t i = 0; i < 3; i++) {
        csign_signer local;
        CHECK_STATUS(csign_signer_init(&local, sample_algorithms[i], key), CSIGN_OK);
        CHECK(!all_zero(&local, sizeof local));
        csign_signer_wipe(&local);
        CHECK_ZERO(&local);
    }
    csign_session local;
    csign_channel bound;
    CHECK_STATUS(csign_session_derive(&local, &agreed, whole_key(), hash), CSIGN_OK);
    CHECK_STATUS(csign_session_bind(&bound, &local, &agreed, whole_key(), hash), CSIGN_OK);
    csign_session_wipe(&local);
    csign_channel_wipe(&bound);
    CHECK_ZERO(&local);
    CHECK_ZERO(&bound);
}

/* An object that dies directly behind its wipe: the stores are dead to an optimiser, and must be made all the same. */
static void call_wipe_before_death(void)
{
    csign_signer dying;
    (void)csign_signer_init(&dying, negotiated->signing_algorithm, key);
    csign_signer_wipe(&dying);
}

int main(void)
{
    stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!CHECK(stack != MAP_FAILED)) {
        return CHECK_RESULT();
    }
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(0xB7u + 0x35u * i + (i * i) % 11);
        hash[i] = (uint8_t)(3 * i);
    }
    objects();
    dead_stack();
    needle_count = 0;
    add_key(key);
    for (size_t i = 0; i < 3; i++) {
        csign_negotiated agreed = {CSIGN_SMB_3_1_1, sample_algorithms[i], true, CSIGN_CIPHER_NONE, false, 1};
        negotiated = &agreed;
        CLEAN(call_wipe_before_death);
    }
    return CHECK_RESULT();
}
