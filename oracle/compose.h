/* SPDX-License-Identifier: Apache-2.0 */
/* SP 800-108 for libraries without one, composed of their HMAC-SHA-256: section 4.1 of the standard, counter mode. Whoever uses it
   sets the operation's bit in `composed`: what such a cell says of the KDF is one reading of the standard, this one; what it says
   of HMAC is the library's. */
#ifndef ORACLE_COMPOSE_H
#define ORACLE_COMPOSE_H

#include <stdlib.h>
#include <string.h>

#include "oracle.h"

typedef bool compose_hmac(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len);

static inline void compose_be32(uint8_t out[4], size_t value)
{
    for (unsigned i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Step 4: K(i) = PRF(KI, [i] || Label || 00 || Context || [L]), L in bits. */
static inline bool compose_kdf_sp800_108(compose_hmac *hmac, uint8_t *out, size_t out_len, const uint8_t *key,
                                         size_t key_len, const uint8_t *label, size_t label_len, const uint8_t *context,
                                         size_t context_len)
{
    size_t len = 4 + label_len + 1 + context_len + 4, done = 0;
    uint8_t *input = malloc(len);
    bool ok = input != NULL;
    if (!ok)
        return false;
    memcpy(input + 4, label, label_len);
    input[4 + label_len] = 0;
    memcpy(input + 4 + label_len + 1, context, context_len);
    compose_be32(input + len - 4, 8 * out_len);
    for (size_t i = 1; ok && done < out_len; i++) {
        uint8_t block[32];
        size_t take = out_len - done < sizeof block ? out_len - done : sizeof block;
        compose_be32(input, i);
        ok = hmac(block, key, key_len, input, len);
        memcpy(out + done, block, ok ? take : 0);
        done += take;
    }
    free(input);
    return ok;
}

#endif
