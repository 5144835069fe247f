/* SPDX-License-Identifier: Apache-2.0 */
/* Key derivation from a key that is ready for HMAC, so that several keys derived from one prepare it once. */
#ifndef COUNTERSIGN_CRYPTO_KDF_H
#define COUNTERSIGN_CRYPTO_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "../include/countersign/bytes.h"
#include "../include/countersign/signer_state.h"

#define CSIGN_KDF_MAX_LEN 8160u /* 255 blocks of HMAC-SHA-256 */

/* csign_kdf_derive is csign_kdf_sp800_108 without its checks: out_len must be 1..CSIGN_KDF_MAX_LEN. */
void csign_kdf_derive(uint8_t *out, size_t out_len, const csign_hmac_key *key, csign_bytes label, csign_bytes context);

#endif
