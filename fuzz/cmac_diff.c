/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC by every backend against every oracle, on the message and on each of three parts of it, and as a signature in parts (csign_mac),
   whose header is the message's first 64 bytes. Input: key 16, cuts 3 x u16, message. NIST SP 800-38B, MS-SMB2 3.1.4.1. */
#include "each_backend.h"
#include "oracles.h"
#include "signed_parts.h"

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    uint8_t key[16], tag[16];
    uint16_t cuts[3];
    fuzz_take(&r, key, sizeof key);
    for (size_t i = 0; i < 3; i++)
        cuts[i] = fuzz_take_u16(&r);
    csign_bytes message = fuzz_rest(&r), parts[3];
    fuzz_cut(parts, 3, message, cuts);
    for (size_t at = 0; each_backend(CSIGN_CMAC, &at); at++) {
        for (size_t i = 0; i < 3; i++) {
            csign_cmac_aes128(tag, key, parts[i]);
            diff_cmac_aes128("csign_cmac_aes128", tag, key, parts[i].data, parts[i].len);
        }
        csign_cmac_aes128(tag, key, message);
        diff_cmac_aes128("csign_cmac_aes128", tag, key, message.data, message.len);
    }
    fuzz_outcome(tag, sizeof tag);
    signed_parts_check(CSIGN_AES_CMAC, key, message, cuts);
}

const fuzz_target fuzz_this = {"cmac_diff", oracles_start, one};
