/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA-256 with a key of any length by every backend against every oracle, on the message and on each of three parts of it, and as a signature
   in parts. Input: key length u16 (modulo 256), cuts 3 x u16, key, message. RFC 2104, MS-SMB2 3.1.4.1. */
#include "each_backend.h"
#include "oracles.h"
#include "signed_parts.h"

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    uint8_t mac[32], signing_key[16] = {0};
    uint16_t cuts[3];
    size_t key_len = fuzz_take_u16(&r) % 256;
    for (size_t i = 0; i < 3; i++)
        cuts[i] = fuzz_take_u16(&r);
    csign_bytes key = fuzz_take_view(&r, key_len), message = fuzz_rest(&r), parts[3];
    fuzz_cut(parts, 3, message, cuts);
    for (size_t at = 0; each_backend(CSIGN_HMAC, &at); at++) {
        for (size_t i = 0; i < 3; i++) {
            csign_hmac_sha256(mac, key, parts[i]);
            diff_hmac_sha256("csign_hmac_sha256", mac, key.data, key.len, parts[i].data, parts[i].len);
        }
        csign_hmac_sha256(mac, key, message);
        diff_hmac_sha256("csign_hmac_sha256", mac, key.data, key.len, message.data, message.len);
    }
    fuzz_outcome(mac, sizeof mac);
    memcpy(signing_key, key.data, key.len < 16 ? key.len : 16);
    signed_parts_check(CSIGN_HMAC_SHA256, signing_key, message, cuts);
}

const fuzz_target fuzz_this = {"hmac_diff", oracles_start, one};
