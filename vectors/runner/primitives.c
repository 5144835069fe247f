/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on the primitives: FIPS 180-4, RFC 2104, SP 800-38B, SP 800-38D, SP 800-108. */
#include <stdio.h>
#include <string.h>

#include "operations.h"

void op_sha512(vector_case *c)
{
    csign_bytes msg = case_bytes(c, "msg");
    if (case_failed(c))
        return;
    uint8_t digest[64];
    csign_sha512(digest, msg);
    case_expect(c, "digest", digest, sizeof digest);
}

/* SHAVS 6.4: in each round, a thousand times, the three last digests are one message; the last digest is the round's result
   and the next round's seed. */
void op_sha512_monte(vector_case *c)
{
    uint8_t seed[64], window[3 * 64], digest[64];
    memcpy(seed, case_exact(c, 64, "seed"), 64);
    size_t rounds = case_count(c, "digests");
    for (size_t round = 0; round < rounds && !case_failed(c); round++) {
        for (size_t i = 0; i < 3; i++)
            memcpy(window + 64 * i, seed, 64);
        for (size_t i = 0; i < 1000; i++) {
            csign_sha512(digest, (csign_bytes){window, sizeof window});
            memmove(window, window + 64, 2 * 64);
            memcpy(window + 2 * 64, digest, 64);
        }
        memcpy(seed, digest, 64);
        char name[32];
        snprintf(name, sizeof name, "digests[%zu]", round);
        case_expect(c, name, digest, sizeof digest);
    }
}

/* A tag may be given shortened: its first bytes. Less than 4 bytes would say too little. */
static void expect_tag(vector_case *c, const uint8_t *mac, size_t mac_len)
{
    size_t len = case_bytes(c, "tag").len;
    if (len < 4 || len > mac_len)
        case_fail(c, "field 'tag' has %zu bytes, not 4 to %zu", len, mac_len);
    if (!case_failed(c))
        case_expect(c, "tag", mac, len);
}

void op_hmac_sha256(vector_case *c)
{
    csign_bytes key = case_bytes(c, "key");
    csign_bytes msg = case_bytes(c, "msg");
    if (case_failed(c))
        return;
    uint8_t mac[32];
    csign_hmac_sha256(mac, key, msg);
    expect_tag(c, mac, sizeof mac);
}

void op_aes_cmac128(vector_case *c)
{
    const uint8_t *key = case_exact(c, 16, "key");
    csign_bytes msg = case_bytes(c, "msg");
    if (case_failed(c))
        return;
    uint8_t tag[16];
    csign_cmac_aes128(tag, key, msg);
    expect_tag(c, tag, sizeof tag);
}

void op_aes_gmac128(vector_case *c)
{
    const uint8_t *key = case_exact(c, 16, "key");
    const uint8_t *nonce = case_exact(c, 12, "nonce");
    csign_bytes msg = case_bytes(c, "msg");
    if (case_failed(c))
        return;
    uint8_t tag[16];
    csign_gmac_aes128(tag, key, nonce, msg);
    expect_tag(c, tag, sizeof tag);
}

/* SP 800-108 with an opaque fixed input, which csign_kdf_sp800_108 cannot express: it always appends label, 00, context and L. So
   the counter loop stands here, and what is tested is the PRF under it. */
void op_counter_kdf_fixed_input(vector_case *c)
{
    csign_bytes key = case_bytes(c, "key");
    csign_bytes fixed = case_bytes(c, "fixedInput");
    size_t len = case_bytes(c, "output").len;
    if (case_failed(c))
        return;
    uint8_t *input = case_alloc(c, 4 + fixed.len);
    uint8_t *output = case_alloc(c, len);
    if (fixed.len != 0)
        memcpy(input + 4, fixed.data, fixed.len);
    for (size_t done = 0, i = 1; done < len; done += 32, i++) {
        const uint8_t counter[4] = {(uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
        memcpy(input, counter, sizeof counter);
        uint8_t block[32];
        csign_hmac_sha256(block, key, (csign_bytes){input, 4 + fixed.len});
        memcpy(output + done, block, len - done < 32 ? len - done : 32);
    }
    case_expect(c, "output", output, len);
}

void op_counter_kdf(vector_case *c)
{
    csign_bytes key = case_bytes(c, "key");
    csign_bytes label = case_bytes(c, "label");
    csign_bytes context = case_bytes(c, "context");
    size_t len = (size_t)case_number(c, "outputLen");
    if (case_failed(c))
        return;
    if (len > 1u << 20) {
        case_fail(c, "field 'outputLen' is too large for a test");
        return;
    }
    uint8_t *output = case_alloc(c, len + 1);
    csign_status status = csign_kdf_sp800_108(output, len, key, label, context);
    if (case_expect_status(c, status)) {
        case_expect(c, "output", output, len);
        if (output[len] != 0xA5)
            case_fail(c, "a byte behind the output was written");
    } else {
        if (!case_is_null(c, "output"))
            case_fail(c, "a refusal has no output");
        for (size_t i = 0; i <= len; i++) {
            if (output[i] != 0xA5)
                case_fail(c, "output[%zu] was written on a refusal", i);
        }
    }
}
