/* SPDX-License-Identifier: Apache-2.0 */
#include "fingerprint.h"

#include <countersign/crypto.h>

#include "../../tools/hex.h"

const char *fingerprint(char *text, const uint8_t *key, size_t len)
{
    uint8_t digest[64];
    csign_sha512(digest, (csign_bytes){key, len});
    return hex_text(text, digest, 8);
}
