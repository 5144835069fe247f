/* SPDX-License-Identifier: Apache-2.0 */
/* preauth.h: pieces are the whole, at every cut; a copy is a fork that leaves the original alone. */
#include "check.h"
#include "samples.h"

int main(void)
{
    uint8_t message[300];
    csign_preauth chain;
    csign_preauth whole;
    sample_message(message, sizeof message);
    memset(&chain, 0xA5, sizeof chain);
    csign_preauth_init(&chain);
    CHECK_ZERO(&chain);
    whole = chain;
    csign_preauth_update(&whole, sample_bytes(message, sizeof message));
    for (size_t a = 0; a <= sizeof message; a += 7) {
        for (size_t b = a; b <= sizeof message; b += 31) {
            csign_preauth parts = chain;
            csign_bytes pieces[4] = {{message, a}, {NULL, 0}, {message + a, b - a}, {message + b, sizeof message - b}};
            csign_preauth_update_parts(&parts, pieces, 4);
            CHECK_BYTES(parts.value, whole.value, 64);
        }
    }
    csign_preauth session = whole;
    csign_preauth_update(&session, sample_bytes(message, 64));
    CHECK(memcmp(session.value, whole.value, 64) != 0);
    csign_preauth again = chain;
    csign_preauth_update(&again, sample_bytes(message, sizeof message));
    CHECK_BYTES(again.value, whole.value, 64);

    /* An empty message is a message; no pieces are an empty one. The hash may be computed over the chain itself. */
    csign_preauth empty = chain;
    csign_preauth none = chain;
    csign_preauth_update(&empty, sample_bytes(NULL, 0));
    csign_preauth_update_parts(&none, NULL, 0);
    CHECK_BYTES(empty.value, none.value, 64);
    CHECK(!all_zero(&empty, sizeof empty));
    csign_preauth twice = whole;
    csign_preauth expected = whole;
    csign_preauth_update(&expected, sample_bytes(whole.value, 64));
    csign_preauth_update(&twice, sample_bytes(twice.value, 64));
    CHECK_BYTES(twice.value, expected.value, 64);
    return CHECK_RESULT();
}
