/* SPDX-License-Identifier: Apache-2.0 */
/* Every backend of lib/crypto/backends.h against the portable one, and the portable one against every oracle, for any key, nonce
   and message, the message in any parts. A new backend is fuzzed as soon as it is in the list; one that this processor cannot run
   is named at the start. Input: key 16, nonce 12, HMAC key length u8, parts u8 (modulo 17), a cut u16 for each but the
   last, HMAC key, message. NIST SP 800-38B and 38D, RFC 2104, FIPS 180-4. */
#include "backend_check.h"
#include "oracles.h"

enum { PARTS_MAX = 16 };

static void start(void)
{
    oracles_start();
    CHECK(backend_start(csign_backends) >= 1, "a backend runs here");
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    backend_question q;
    backend_answers a;
    csign_bytes parts[PARTS_MAX];
    uint16_t cuts[PARTS_MAX] = {0};
    fuzz_take(&r, q.key, sizeof q.key);
    fuzz_take(&r, q.nonce, sizeof q.nonce);
    size_t hmac_key_len = fuzz_take_u8(&r);
    q.part_count = fuzz_take_u8(&r) % (PARTS_MAX + 1);
    for (size_t i = 0; i + 1 < q.part_count; i++)
        cuts[i] = fuzz_take_u16(&r);
    q.hmac_key = fuzz_take_view(&r, hmac_key_len);
    csign_bytes message =
        q.part_count ? fuzz_rest(&r) : (csign_bytes){NULL, 0}; /* no parts: nothing is authenticated */
    fuzz_cut(parts, q.part_count, message, cuts);
    q.parts = parts;
    backend_check(csign_backends, &q, &a);
    fuzz_outcome(&a, sizeof a);
    diff_cmac_aes128("the portable backend's AES-128-CMAC", a.cmac, q.key, message.data, message.len);
    diff_gmac_aes128("the portable backend's AES-128-GMAC", a.gmac, q.key, q.nonce, message.data, message.len);
    diff_hmac_sha256("the portable backend's HMAC-SHA-256", a.hmac, q.hmac_key.data, q.hmac_key.len, message.data,
                     message.len);
    diff_sha512("the portable backend's SHA-512", a.sha512, message.data, message.len);
}

const fuzz_target fuzz_this = {"backends", start, one};
