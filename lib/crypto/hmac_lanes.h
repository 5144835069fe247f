/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA-256 of many messages by a SHA-256 that puts blocks of several messages in at once, a lane each. */
#ifndef COUNTERSIGN_CRYPTO_HMAC_LANES_H
#define COUNTERSIGN_CRYPTO_HMAC_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "message.h"

enum { HMAC_LANES_MAX = 16 };

/* csign_sha256_lanes puts into each lane's hash value count blocks of 64 bytes. */
typedef void csign_sha256_lanes(uint32_t *const *hash, const uint8_t *const *blocks, size_t count);

/* csign_hmac_compress: how a backend does it: lanes takes `width` lanes at once; one takes a single lane, for when fewer are left. */
typedef struct csign_hmac_compress {
    csign_sha256_lanes *lanes, *one;
    size_t width;
} csign_hmac_compress;

/* csign_hmac_lanes computes the MACs of the jobs; a lane whose message ends takes the next. Nothing secret is left on the stack. */
void csign_hmac_lanes(const csign_hmac_compress *compress, csign_mac_job *const *jobs, size_t count);

#endif
