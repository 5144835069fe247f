/* SPDX-License-Identifier: Apache-2.0 */
/* csign_mac over parts against the oracles (MS-SMB2 3.1.4.1). */
#include "signed_parts.h"

#include "each_backend.h"
#include "oracles.h"

void signed_parts_check(csign_signing_algorithm algorithm, const uint8_t key[16], csign_bytes message,
                        const uint16_t cuts[3])
{
    if (message.len < 64)
        return;
    csign_signer signer;
    uint8_t tag[16], whole[16];
    csign_bytes body = {message.data + 64, message.len - 64}, parts[3];
    fuzz_cut(parts, 3, body, cuts);
    for (size_t at = 0; each_backend_of(algorithm, &at); at++) {
        CHECK(csign_signer_init(&signer, algorithm, key) == CSIGN_OK, "every 16 bytes are a key");
        CHECK(!strcmp(csign_backend_name(&signer), csign_backends[at]->name),
              "a signer's backend is the library's choice");
        CHECK(csign_mac(&signer, tag, message.data, parts, 3) == CSIGN_OK, "every message has a signature");
        CHECK(csign_mac(&signer, whole, message.data, &body, 1) == CSIGN_OK && !memcmp(tag, whole, 16),
              "parts are the message");
        diff_signature("csign_mac", tag, (unsigned)algorithm, key, message.data, message.len);
        csign_signer_wipe(&signer);
        CHECK(fuzz_all(&signer, sizeof signer, 0), "a wiped signer is zero");
    }
    fuzz_outcome(tag, sizeof tag);
}
