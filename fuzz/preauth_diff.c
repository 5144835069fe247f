/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-512 and the preauthentication chain over several messages by every backend against every oracle; a message in parts is the message, and a
   forked chain does not touch the one it came from. Input: messages u8 (modulo 4, plus 1), cuts 3 x u16 for the messages and
   3 x u16 for parts, then the messages in one. FIPS 180-4, MS-SMB2 3.1.4.4.1. */
#include "each_backend.h"
#include "oracles.h"

static void step(csign_preauth *chain, csign_bytes message, const uint16_t cuts[3])
{
    csign_preauth before = *chain, parted = *chain;
    csign_bytes parts[4];
    csign_preauth_update(chain, message);
    diff_preauth("csign_preauth_update", chain->value, before.value, fuzz_diff(message));
    fuzz_cut(parts, 4, message, cuts);
    csign_preauth_update_parts(&parted, parts, 4);
    CHECK(!memcmp(parted.value, chain->value, 64), "parts are the message");
}

/* The chain over messages that are all of one input, and the input's digest. */
static void check(csign_bytes all, size_t count, const uint16_t where[3], const uint16_t cuts[3], csign_preauth *chain)
{
    csign_bytes messages[4];
    uint8_t digest[64];
    csign_sha512(digest, all);
    diff_sha512("csign_sha512", digest, all.data, all.len);
    csign_preauth_init(chain);
    CHECK(fuzz_all(chain->value, 64, 0), "the chain starts with zeros");
    fuzz_cut(messages, count, all, where);
    for (size_t i = 0; i < count; i++)
        step(chain, messages[i], cuts);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    size_t count = 1 + fuzz_take_u8(&r) % 4;
    uint16_t where[3], cuts[3];
    for (size_t i = 0; i < 3; i++)
        where[i] = fuzz_take_u16(&r);
    for (size_t i = 0; i < 3; i++)
        cuts[i] = fuzz_take_u16(&r);
    csign_bytes all = fuzz_rest(&r);
    csign_preauth chain;
    for (size_t at = 0; each_backend(CSIGN_SHA512, &at); at++)
        check(all, count, where, cuts, &chain);
    fuzz_outcome(chain.value, sizeof chain.value);
}

const fuzz_target fuzz_this = {"preauth_diff", oracles_start, one};
