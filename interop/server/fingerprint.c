/* SPDX-License-Identifier: Apache-2.0 */
#include "fingerprint.h"

#include <countersign/crypto.h>
#include <stdio.h>

const char *hex(char *text, const uint8_t *data, size_t len)
{
    *text = 0;
    for (size_t i = 0; i < len; i++)
        sprintf(text + 2 * i, "%02x", data[i]);
    return text;
}

const char *fingerprint(char *text, const uint8_t *key, size_t len)
{
    uint8_t digest[64];
    csign_sha512(digest, (csign_bytes){key, len});
    return hex(text, digest, 8);
}
