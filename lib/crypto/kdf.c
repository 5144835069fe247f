/* SPDX-License-Identifier: Apache-2.0 */
/* Key derivation in counter mode: NIST SP 800-108 section 4.1 (section 5.1 of its first edition) with HMAC-SHA-256, a
   32-bit counter in front of the fixed input and a 32-bit L behind it, both big-endian, as MS-SMB2 3.1.4.2 asks for. L
   counts bits, and the whole output's, so a longer key is not the extension of a shorter one. */
#include "../include/countersign/crypto.h"

#include <stdbool.h>
#include <string.h>

#include "../octets.h"
#include "backends.h"
#include "wipe.h"

enum { OUT_MAX = 255 * 32 }; /* 255 blocks of HMAC-SHA-256 */

/* block = HMAC(key, i || label || 00 || context || L) */
static void derive_block(const csign_backend *backend, uint8_t block[32], uint32_t i, const csign_hmac_key *key,
                         csign_bytes label, csign_bytes context, uint32_t l)
{
    static const uint8_t separator[1] = {0};
    uint8_t counter[4], length[4];
    csign_store_be32(counter, i);
    csign_store_be32(length, l);
    const csign_bytes parts[5] = {
        {counter, sizeof counter}, label, {separator, sizeof separator}, context, {length, sizeof length}};
    backend->hmac(key, block, &(csign_message){NULL, parts, 5});
}

static void derive(const csign_backend *backend, uint8_t *out, size_t out_len, const csign_hmac_key *key,
                   csign_bytes label, csign_bytes context)
{
    uint8_t block[32];
    size_t done = 0;
    for (uint32_t i = 1; done < out_len; i++) {
        const size_t left = out_len - done;
        const size_t taken = left < sizeof block ? left : sizeof block;
        derive_block(backend, block, i, key, label, context, (uint32_t)(8 * out_len));
        memcpy(out + done, block, taken);
        done += taken;
    }
    csign_wipe(block, sizeof block);
}

static bool is_view(csign_bytes bytes)
{
    return bytes.data != NULL || bytes.len == 0;
}

csign_status csign_kdf_sp800_108(uint8_t *out, size_t out_len, csign_bytes key, csign_bytes label, csign_bytes context)
{
    if (out == NULL || out_len == 0 || out_len > OUT_MAX || !is_view(key) || !is_view(label) || !is_view(context)) {
        return CSIGN_BAD_ARGUMENT;
    }
    const csign_backend *backend = csign_backends[csign_backend_best(CSIGN_HMAC)];
    csign_hmac_key ready;
    backend->hmac_key(&ready, key);
    derive(backend, out, out_len, &ready, label, context);
    csign_wipe(&ready, sizeof ready);
    return CSIGN_OK;
}
