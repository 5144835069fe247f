/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC by every backend against every oracle, on the message and on each of three parts of it, and as a signature in parts, where the nonce
   comes from the header. Input: key 16, nonce 12, cuts 3 x u16, message. NIST SP 800-38D, MS-SMB2 3.1.4.1. */
#include "each_backend.h"
#include "oracles.h"
#include "signed_parts.h"

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    uint8_t key[16], nonce[12], tag[16];
    uint16_t cuts[3];
    fuzz_take(&r, key, sizeof key);
    fuzz_take(&r, nonce, sizeof nonce);
    for (size_t i = 0; i < 3; i++)
        cuts[i] = fuzz_take_u16(&r);
    csign_bytes message = fuzz_rest(&r), parts[3];
    fuzz_cut(parts, 3, message, cuts);
    for (size_t at = 0; each_backend(CSIGN_GMAC, &at); at++) {
        for (size_t i = 0; i < 3; i++) {
            csign_gmac_aes128(tag, key, nonce, parts[i]);
            diff_gmac_aes128("csign_gmac_aes128", tag, key, nonce, parts[i].data, parts[i].len);
        }
        csign_gmac_aes128(tag, key, nonce, message);
        diff_gmac_aes128("csign_gmac_aes128", tag, key, nonce, message.data, message.len);
    }
    fuzz_outcome(tag, sizeof tag);
    signed_parts_check(CSIGN_AES_GMAC, key, message, cuts);
}

const fuzz_target fuzz_this = {"gmac_diff", oracles_start, one};
