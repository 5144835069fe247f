/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets do not outlive their use, inspected in memory after optimisation. Wiped objects are zero to the byte. And each call runs on a
   stack of its own, filled with a pattern; afterwards that dead stack is searched for the key, for what is computed from it and for what it
   derives (wipe_needles.h). A call that leaves its key behind must be found.

   wipe_test_compilers.sh runs this with several compilers and levels: what survives is the optimiser's decision. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "check.h"
#include "samples.h"
#include "wipe_needles.h"

enum { STACK = 256 * 1024 };

static uint8_t *stack;
static ucontext_t home, away;

/* Inputs and outputs live here, off the stack that is searched. */
static uint8_t key[32], hash[64], nonce[12], message[1000], out[64];
static size_t message_len;
static csign_signer signer;
static csign_session session;
static csign_channel channel;
static const csign_negotiated *negotiated;

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
    csign_hmac_sha256(out, sample_bytes(key, 16), sample_bytes(message, message_len));
}
static void call_cmac(void)
{
    csign_cmac_aes128(out, key, sample_bytes(message, message_len));
}
static void call_gmac(void)
{
    csign_gmac_aes128(out, key, nonce, sample_bytes(message, message_len));
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
    (void)csign_sign(&signer, message, message_len);
}
static void call_verify(void)
{
    (void)csign_verify(&signer, message, message_len);
}

/* Batches: of messages that are alike, and of others, under one key and under two. */
enum { JOBS = 20, JOB_LEN = 100 };
static csign_signer other_signer;
static uint8_t job_messages[JOBS][JOB_LEN];
static csign_job jobs[JOBS];

static void fill_jobs(bool one_key, bool alike)
{
    for (size_t i = 0; i < JOBS; i++) {
        memcpy(job_messages[i], message, JOB_LEN);
        jobs[i] =
            (csign_job){one_key || i % 3 != 0 ? &signer : &other_signer, job_messages[i], JOB_LEN, CSIGN_OK, NULL, 0};
        jobs[i].len -= alike ? 0 : i % 4;
    }
}
static void call_sign_batch(void)
{
    (void)csign_sign_batch(jobs, JOBS);
}
static void call_verify_batch(void)
{
    (void)csign_verify_batch(jobs, JOBS);
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
        fprintf(stderr, "%s (%s) leaves on the stack: %s\n", name, csign_backend_name(&signer), found);
    }
}

#define CLEAN(call) check_clean(#call, call)

static void batches(void)
{
    for (unsigned how = 0; how < 4; how++) {
        fill_jobs(how % 2 == 0, how < 2);
        CLEAN(call_sign_batch);
        fill_jobs(how % 2 == 0, how < 2); /* unsigned now: each is forged */
        CLEAN(call_verify_batch);
    }
}

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

/* The needles for what signing and verifying compute of the message: of the element with SIGNED set and no signature yet, under the nonce that
   MS-SMB2 3.1.4.1 makes of its MessageId for AES-GMAC. */
static void add_signed_message(void)
{
    uint8_t element[sizeof message];
    uint8_t message_nonce[12] = {0};
    memcpy(element, message, sizeof element);
    element[16] |= 8;
    memcpy(message_nonce, element + 24, 8);
    add_message(key, message_nonce, sample_bytes(element, message_len));
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
        sample_message(message, message_len);
        add_signed_message();
        CLEAN(call_sign);
        CLEAN(call_verify);
        /* The right tag of a forged message is a secret too. */
        add_secret("the right tag of a forged message", message + 48, 16);
        memset(message + 48, 0, 16);
        CLEAN(call_verify);
        CHECK_STATUS(csign_signer_init(&other_signer, agreed.signing_algorithm, key + 16), CSIGN_OK);
        add_key(key + 16);
        batches();
        csign_signer_wipe(&other_signer);
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
    add_message(key, nonce, sample_bytes(message, message_len));
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
    for (size_t i = 0; i < sizeof nonce; i++) {
        nonce[i] = (uint8_t)(0xE1u + 0x1Du * i);
    }
    objects();
    /* What backends take at once, and more. */
    for (size_t i = 0; i < 2; i++) {
        message_len = i == 0 ? 100 : sizeof message;
        dead_stack();
    }
    needle_count = 0;
    add_key(key);
    for (size_t i = 0; i < 3; i++) {
        csign_negotiated agreed = {CSIGN_SMB_3_1_1, sample_algorithms[i], true, CSIGN_CIPHER_NONE, false, 1};
        negotiated = &agreed;
        CLEAN(call_wipe_before_death);
    }
    return CHECK_RESULT();
}
