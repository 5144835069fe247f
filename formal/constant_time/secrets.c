/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the library with every secret marked undefined for valgrind's memcheck or MemorySanitizer, which then reports each branch and
   each address that depends on one: once for each backend that runs here, as on a processor that has no more than it needs. Secret: keys, hashes of the preauth chain, the content of messages and received
   signatures. Public: lengths, dialects, algorithms and the header fields in bytes 0..47, which decide what is done.

   csign_equal_16 is linked through the wrapper below: its answer, one bit, is what a verifier tells the world. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/crypto/backends.h"
#include "../../lib/crypto/cpu.h"
#include "countersign/countersign.h"
#include "secret.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                             \
            exit(3);                                                                                                   \
        }                                                                                                              \
    } while (0)

bool __real_csign_equal_16(const uint8_t a[16], const uint8_t b[16]);
bool __wrap_csign_equal_16(const uint8_t a[16], const uint8_t b[16]);
bool __wrap_csign_equal_16(const uint8_t a[16], const uint8_t b[16])
{
    bool equal = __real_csign_equal_16(a, b);
    PUBLIC(&equal, sizeof equal);
    return equal;
}

enum { LONG = 700 }; /* more than any backend takes at once */
static const size_t lengths[] = {0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 300, LONG};
#define LENGTHS (sizeof lengths / sizeof lengths[0])

static uint8_t key[64], text[LONG], preauth[64];
static const csign_backend *at_work;

static void fill(uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        p[i] = (uint8_t)(7 * i + 1);
    }
    SECRET(p, len);
}

static csign_bytes view(const uint8_t *p, size_t len)
{
    csign_bytes v = {len == 0 ? NULL : p, len};
    return v;
}

static void sha512(void)
{
    uint8_t digest[64];
    for (size_t i = 0; i < LENGTHS; i++) {
        csign_sha512(digest, view(text, lengths[i]));
    }
}

static void hmac(void)
{
    uint8_t mac[32];
    for (size_t i = 0; i < LENGTHS; i++) {
        csign_hmac_sha256(mac, view(key, 16), view(text, lengths[i]));
        csign_hmac_sha256(mac, view(text, lengths[i]), view(text, 100));
    }
}

static void cmac(void)
{
    uint8_t tag[16];
    for (size_t i = 0; i < LENGTHS; i++) {
        csign_cmac_aes128(tag, key, view(text, lengths[i]));
    }
}

static void gmac(void)
{
    uint8_t tag[16];
    for (size_t i = 0; i < LENGTHS; i++) {
        csign_gmac_aes128(tag, key, key + 20, view(text, lengths[i]));
    }
}

static void kdf(void)
{
    uint8_t out[80];
    for (size_t len = 0; len <= 64; len += 8) {
        CHECK(csign_kdf_sp800_108(out, sizeof out, view(key, len), view(text, 14), view(preauth, 64)) == CSIGN_OK);
    }
}

static void derive_key(void)
{
    static const csign_dialect dialects[] = {CSIGN_SMB_2_0_2, CSIGN_SMB_2_1, CSIGN_SMB_3_0, CSIGN_SMB_3_0_2,
                                             CSIGN_SMB_3_1_1};
    uint8_t out[32];
    for (unsigned d = 0; d < 5; d++) {
        for (unsigned purpose = CSIGN_KEY_SIGNING; purpose <= CSIGN_KEY_SERVER_TO_CLIENT; purpose++) {
            bool cipher = purpose >= CSIGN_KEY_CLIENT_TO_SERVER;
            csign_status expected = cipher && d < 2 ? CSIGN_BAD_ARGUMENT : CSIGN_OK;
            for (size_t len = 1; len <= 64; len += 9) {
                CHECK(csign_derive_key(out, 16, (csign_key_purpose)purpose, dialects[d], view(key, len), preauth) ==
                      expected);
            }
            if (cipher && d == 4) {
                CHECK(csign_derive_key(out, 32, (csign_key_purpose)purpose, dialects[d], view(key, 40), preauth) ==
                      CSIGN_OK);
            }
        }
    }
}

static void chain(void)
{
    csign_preauth p;
    csign_preauth_init(&p);
    for (size_t i = 0; i < LENGTHS; i++) {
        csign_bytes parts[3] = {view(text, lengths[i]), view(text, 5), view(key, 64)};
        csign_preauth_update(&p, parts[0]);
        csign_preauth_update_parts(&p, parts, 3);
    }
}

/* The entries of the backend that is at work, over a message in parts, with a header and without. */
static void entries(void)
{
    const csign_backend *b = at_work;
    uint8_t out[64], header[64];
    fill(header, sizeof header);
    for (size_t i = 0; i < LENGTHS; i++) {
        csign_bytes parts[2] = {view(text, lengths[i]), view(text, 21)};
        const csign_message message = {i % 2 ? header : NULL, parts, 2};
        if (b->cmac != NULL) {
            csign_cmac_key ready;
            b->cmac_key(&ready, key);
            b->cmac(&ready, out, &message);
        }
        if (b->gmac != NULL) {
            csign_gmac_key ready;
            b->gmac_key(&ready, key);
            b->gmac(&ready, out, csign_nonce_load(key + 20), &message);
        }
        if (b->hmac != NULL) {
            csign_hmac_key ready;
            b->hmac_key(&ready, view(key, 40));
            b->hmac(&ready, out, &message);
        }
        if (b->sha512_blocks != NULL) {
            uint64_t hash[8] = {0};
            b->sha512_blocks(hash, text, 2);
        }
    }
}

/* An ECHO request whose header is public but for the signature, and whose body is secret. */
static void message(uint8_t *m, size_t len)
{
    static const uint8_t header[28] = {0xFE, 'S', 'M', 'B', 64, 0, 1, 0, 0, 0, 0, 0, 0x0D, 0,
                                       1,    0,   0,   0,   0,  0, 0, 0, 0, 0, 9, 0, 0,    0};
    memset(m, 0, 64);
    memcpy(m, header, sizeof header);
    m[40] = 5; /* SessionId */
    SECRET(m + 48, 16);
    fill(m + 64, len - 64);
}

static void sign_and_verify(csign_signing_algorithm algorithm)
{
    csign_signer signer;
    uint8_t m[64 + LONG], tag[16];
    CHECK(csign_signer_init(&signer, algorithm, key) == CSIGN_OK);
    for (size_t i = 0; i < LENGTHS; i++) {
        size_t len = 64 + lengths[i];
        csign_bytes parts[2] = {view(m + 64, lengths[i] / 2),
                                view(m + 64 + lengths[i] / 2, lengths[i] - lengths[i] / 2)};
        message(m, len);
        CHECK(csign_mac(&signer, tag, m, parts, 2) == CSIGN_OK);
        CHECK(csign_sign(&signer, m, len) == CSIGN_OK);
        CHECK(csign_verify(&signer, m, len) == CSIGN_OK);
        CHECK(csign_verify_parts(&signer, m, parts, 2) == CSIGN_OK);
        m[48] ^= 1;
        CHECK(csign_verify(&signer, m, len) == CSIGN_BAD_SIGNATURE);
        m[48] ^= 1;
        m[63] ^= 0x80;
        CHECK(csign_verify_parts(&signer, m, parts, 2) == CSIGN_BAD_SIGNATURE);
        CHECK(csign_sign_parts(&signer, m, parts, 2) == CSIGN_OK);
        csign_job job = {&signer, m, len, CSIGN_BAD_ARGUMENT, NULL, 0};
        CHECK(csign_verify_batch(&job, 1) == 0);
        CHECK(csign_sign_batch(&job, 1) == 0);
    }
    csign_signer_wipe(&signer);
    CHECK(csign_verify(&signer, m, sizeof m) == CSIGN_BAD_ARGUMENT); /* wiped: public again */
}

/* Messages under one key and under two, more than any backend has lanes. */
static void batch(csign_signing_algorithm algorithm)
{
    enum { JOBS = 70 };
    static uint8_t messages[JOBS][64 + LONG];
    csign_signer signers[2];
    csign_job jobs[JOBS];
    for (size_t i = 0; i < 2; i++) {
        CHECK(csign_signer_init(&signers[i], algorithm, key + i) == CSIGN_OK);
    }
    for (size_t keys = 1; keys <= 2; keys++) {
        for (size_t count = 2; count <= JOBS; count += count < 20 ? 1 : 25) {
            for (size_t i = 0; i < count; i++) {
                const size_t len = 64 + (count % 2 ? 37 * i : count) % (LONG + 1); /* of many lengths or of one */
                message(messages[i], len);
                jobs[i] = (csign_job){&signers[i % keys], messages[i], len, CSIGN_BAD_ARGUMENT, NULL, 0};
            }
            CHECK(csign_sign_batch(jobs, count) == 0);
            CHECK(csign_verify_batch(jobs, count) == 0);
        }
    }
}

static void sign_hmac(void)
{
    sign_and_verify(CSIGN_HMAC_SHA256);
    batch(CSIGN_HMAC_SHA256);
}

static void sign_cmac(void)
{
    sign_and_verify(CSIGN_AES_CMAC);
    batch(CSIGN_AES_CMAC);
}

static void sign_gmac(void)
{
    sign_and_verify(CSIGN_AES_GMAC);
    batch(CSIGN_AES_GMAC);
}

static void session(void)
{
    static const csign_negotiated all[] = {
        {CSIGN_SMB_2_1, CSIGN_HMAC_SHA256, false, CSIGN_CIPHER_NONE, false, 0},
        {CSIGN_SMB_3_0, CSIGN_AES_CMAC, false, CSIGN_AES_128_CCM, false, 0},
        {CSIGN_SMB_3_1_1, CSIGN_AES_CMAC, true, CSIGN_AES_128_GCM, true, 1},
        {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, true, CSIGN_AES_256_GCM, true, 1},
        {CSIGN_SMB_3_1_1, CSIGN_HMAC_SHA256, true, CSIGN_AES_128_CCM, true, 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (size_t len = 1; len <= 64; len += 21) {
            csign_session s;
            csign_channel c;
            uint32_t ntstatus;
            CHECK(csign_session_derive(&s, &all[i], view(key, len), preauth) == CSIGN_OK);
            bool binds = all[i].dialect >= CSIGN_SMB_3_0;
            CHECK((csign_session_bind_check(&s, &all[i], &ntstatus) == CSIGN_OK) == binds);
            CHECK((csign_session_bind(&c, &s, &all[i], view(key + 1, len), preauth) == CSIGN_OK) == binds);
            uint8_t m[64 + LONG];
            message(m, sizeof m);
            CHECK(csign_sign(binds ? &c.signer : &s.signer, m, sizeof m) == CSIGN_OK);
            csign_session_wipe(&s);
            csign_channel_wipe(&c);
        }
    }
}

#define CASE(name) {#name, name}
static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {CASE(sha512),     CASE(hmac),  CASE(cmac),      CASE(gmac),      CASE(kdf),       CASE(entries),
             CASE(derive_key), CASE(chain), CASE(sign_hmac), CASE(sign_cmac), CASE(sign_gmac), CASE(session)};

int main(void)
{
    size_t count = sizeof cases / sizeof cases[0];
    fill(key, sizeof key);
    fill(text, sizeof text);
    fill(preauth, sizeof preauth);
    csign_cpu_limit(UINT32_MAX);
    const uint32_t here = csign_cpu();
    for (size_t b = 0; csign_backends[b] != NULL; b++) {
        at_work = csign_backends[b];
        csign_cpu_limit(UINT32_MAX);
        const char *missing = csign_backend_missing(at_work);
        printf("backend %s: %s%s\n", at_work->name,
               missing == NULL ? "run" : "NOT RUN: ", missing == NULL ? "" : missing);
        csign_cpu_limit((at_work->needs | at_work->suits) & here);
        for (size_t i = 0; missing == NULL && i < count; i++) {
            printf("case %s\n", cases[i].name);
            fflush(stdout);
            cases[i].run();
        }
    }
    printf("ran %zu of %zu cases\n", count, count);
    return 0;
}
