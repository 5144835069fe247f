/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a session in one go, so that what they have in common is computed once and the rest side by side. */
#ifndef COUNTERSIGN_SMB3_DERIVE_KEY_H
#define COUNTERSIGN_SMB3_DERIVE_KEY_H

#include "../include/countersign/keys.h"

typedef struct csign_key_request {
    uint8_t *out;
    size_t out_len;
    csign_key_purpose purpose;
} csign_key_request;

enum { CSIGN_KEY_REQUESTS_MAX = 4 };

/* csign_derive_keys is csign_derive_key for each of up to CSIGN_KEY_REQUESTS_MAX requests. Where that would refuse one of them, no key
   is derived. */
csign_status csign_derive_keys(const csign_key_request *requests, size_t count, csign_dialect dialect,
                               csign_bytes session_key, const uint8_t preauth[64]);

#endif
