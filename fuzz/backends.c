/* SPDX-License-Identifier: Apache-2.0 */
/* Every backend of lib/crypto/backends.h against the portable one, and the portable one against every oracle, for any key, nonce
   and message, the message in any parts, its first 64 bytes as a header or not, alone and among others in a batch. A new backend is
   fuzzed as soon as it is in the list; one that this processor cannot run is named at the start. The key and the nonce are also taken
   for the words in which a processor says what it has. Input: key 16, nonce 12, HMAC key
   length u8, parts u8 (modulo 17 how many; the rest modulo 2: a header; the rest: BATCHES), a cut u16 for each part but the last,
   HMAC key, message. NIST SP 800-38B and 38D, RFC 2104, FIPS 180-4, MS-SMB2 3.1.4.1. */
#include <stdlib.h>

#include "backend_check.h"
#include "lib/crypto/cpu.h"
#include "oracles.h"

enum { PARTS_MAX = 16, BATCH_MESSAGE_MAX = 600 };
static const uint8_t BATCHES[] = {0, 1, 2, 5, 9, 17, 33, 70};

static void start(void)
{
    oracles_start();
    CHECK(backend_start(csign_backends) >= 1, "a backend runs here");
}

/* Bits of the key's fourth byte. */
enum { ONE_LENGTH = 1, ONE_FORM = 2, ONE_KEY = 4 };

/* The question's key, nonce and header with messages that begin and end elsewhere in its own, in one part or in two. */
static void check_batch(const backend_question *q, csign_bytes body, size_t count)
{
    static backend_question questions[BACKEND_BATCH_MAX];
    static csign_bytes parts[BACKEND_BATCH_MAX][2];
    for (size_t i = 0; i < count; i++) {
        size_t from = body.len ? (i * 41 + q->key[1]) % body.len : 0, left = body.len - from;
        size_t most = left < BATCH_MESSAGE_MAX ? left : BATCH_MESSAGE_MAX;
        size_t len = (q->key[3] & ONE_LENGTH ? q->key[2] : i * 53 + q->key[2]) %
                     (most + 1); /* or of one length, but for the last ones */
        size_t first = i % 3 == 1 ? len / 3 : len;
        bool one_form = q->key[3] & ONE_FORM;
        questions[i] = *q;
        questions[i].key[0] ^= q->key[3] & ONE_KEY ? 0 : (uint8_t)(i % 5);
        questions[i].nonce[0] ^= (uint8_t)i;
        questions[i].message.header = i % 4 == 3 && !one_form ? NULL : q->message.header;
        first = one_form ? len : first;
        parts[i][0] = (csign_bytes){body.data + from, first};
        parts[i][1] = (csign_bytes){body.data + from + first, len - first};
        questions[i].message.parts = parts[i];
        questions[i].message.part_count = i % 3 == 1 && !one_form ? 2 : 1;
    }
    backend_check_batch(csign_backends, questions, count);
}

/* The whole message against the oracles: with a header, what is signed. */
static void check_oracles(const backend_question *q, const backend_answers *a, csign_bytes message)
{
    uint8_t *copy = fuzz_copy(message);
    diff_sha512("the portable backend's SHA-512", a->sha512, copy, message.len);
    if (q->message.header) {
        copy[16] |= 8;
        memset(copy + 48, 0, 16);
    }
    diff_cmac_aes128("the portable backend's AES-128-CMAC", a->cmac, q->key, copy, message.len);
    diff_gmac_aes128("the portable backend's AES-128-GMAC", a->gmac, q->key, q->nonce, copy, message.len);
    diff_hmac_sha256("the portable backend's HMAC-SHA-256", a->hmac, q->hmac_key.data, q->hmac_key.len, copy,
                     message.len);
    free(copy);
}

/* A processor whose words lack a bit has nothing that it had not with it, and what it has, has a name. */
static void check_processor(const backend_question *q)
{
    static const uint32_t intel[] = {0x756E6547, 0x6C65746E, 0x49656E69}; /* EBX, ECX, EDX */
    const uint8_t *k = q->key, maker = q->nonce[8];
    const csign_cpuid words = {fuzz_le(k, 4),           fuzz_le(k + 4, 4),        fuzz_le(k + 8, 4),
                               fuzz_le(k + 12, 4),      maker & 1 ? intel[0] : 0, maker & 2 ? intel[1] : 0,
                               maker & 4 ? intel[2] : 0};
    const uint32_t bit = UINT32_C(1) << (q->nonce[11] & 31), has = csign_cpu_x86(&words);
    csign_cpuid less[] = {words, words, words, words, words, words, words};
    less[0].leaf1_ecx &= ~bit, less[1].leaf7_ebx &= ~bit, less[2].leaf7_ecx &= ~bit, less[3].xcr0 &= ~(uint64_t)bit;
    less[4].leaf0_ebx &= ~bit, less[5].leaf0_ecx &= ~bit, less[6].leaf0_edx &= ~bit;
    CHECK(!(has & CSIGN_CPU_INTEL) == ((maker & 7) != 7), "a maker is its whole name");
    for (size_t i = 0; i < sizeof less / sizeof less[0]; i++)
        CHECK(!(csign_cpu_x86(&less[i]) & ~has), "a processor with less has no more");
    CHECK(!csign_cpu_xcr0(words.leaf1_ecx & ~(UINT32_C(1) << 27)), "without XGETBV there is no XCR0");
    const uint64_t hwcap = fuzz_le64(q->nonce);
    CHECK(!(csign_cpu_aarch64(hwcap & ~(uint64_t)bit) & ~csign_cpu_aarch64(hwcap)),
          "a processor with less has no more");
    CHECK(strcmp(csign_cpu_name(has), csign_cpu_name(0)) || !has, "what a processor has, has a name");
    fuzz_outcome_number((uint64_t)csign_cpu_aarch64(hwcap) << 32 | has);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    backend_question q = {0};
    backend_answers a;
    csign_bytes parts[PARTS_MAX];
    uint16_t cuts[PARTS_MAX] = {0};
    fuzz_take(&r, q.key, sizeof q.key);
    fuzz_take(&r, q.nonce, sizeof q.nonce);
    size_t hmac_key_len = fuzz_take_u8(&r);
    unsigned how = fuzz_take_u8(&r), batch = BATCHES[how / (2 * (PARTS_MAX + 1))];
    bool header = how / (PARTS_MAX + 1) % 2;
    q.message.part_count = how % (PARTS_MAX + 1);
    for (size_t i = 0; i + 1 < q.message.part_count; i++)
        cuts[i] = fuzz_take_u16(&r);
    q.hmac_key = fuzz_take_view(&r, hmac_key_len);
    csign_bytes message = fuzz_rest(&r), body = message;
    if (header && message.len >= MESSAGE_HEADER) {
        q.message.header = message.data;
        body = (csign_bytes){message.data + MESSAGE_HEADER, message.len - MESSAGE_HEADER};
    }
    if (!q.message.part_count) { /* no parts: nothing else is authenticated */
        message.len -= body.len;
        body.len = 0;
    }
    fuzz_cut(parts, q.message.part_count, body, cuts);
    q.message.parts = parts;
    backend_check(csign_backends, &q, &a);
    fuzz_outcome(&a, sizeof a);
    check_oracles(&q, &a, message);
    check_batch(&q, body, batch);
    check_processor(&q);
}

const fuzz_target fuzz_this = {"backends", start, one};
