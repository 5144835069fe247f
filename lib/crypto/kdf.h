/* SPDX-License-Identifier: Apache-2.0 */
/* Key derivation in counter mode, several blocks at once. NIST SP 800-108 section 4.1. Internal: csign_kdf_sp800_108 is for one key. */
#ifndef COUNTERSIGN_CRYPTO_KDF_H
#define COUNTERSIGN_CRYPTO_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "../include/countersign/bytes.h"
#include "../include/countersign/signer_state.h"
#include "backends.h"

/* csign_kdf_block: out = the first len bytes, 32 at most, of HMAC(key, i || label || 00 || context || L), the i-th block of a key of
   key_len bytes. */
typedef struct csign_kdf_block {
    uint8_t *out;
    size_t len;
    const csign_hmac_key *key; /* of this backend */
    uint32_t i;
    csign_bytes label, context;
    size_t key_len;
} csign_kdf_block;

enum { CSIGN_KDF_BLOCKS_MAX = 4 };

/* csign_kdf_blocks computes up to CSIGN_KDF_BLOCKS_MAX blocks. */
void csign_kdf_blocks(const csign_backend *backend, const csign_kdf_block *blocks, size_t count);

#endif
