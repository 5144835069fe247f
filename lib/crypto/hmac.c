/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA-256: RFC 2104 section 2, FIPS 198-1 section 4. H((K ^ opad) || H((K ^ ipad) || message)); both pads are one
   block of the hash, which is why a key is kept as the two hash values behind them. */
#include "hmac.h"

#include <string.h>

#include "wipe.h"

void csign_hmac_key_block(uint8_t block[64], csign_bytes key)
{
    memset(block, 0, 64);
    if (key.len > 64) {
        csign_sha256 sha256;
        csign_sha256_start(&sha256);
        csign_sha256_update(&sha256, key);
        csign_sha256_finish(&sha256, block);
    } else if (key.len == 16) { /* a call of a library is slower than this */
        memcpy(block, key.data, 16);
    } else if (key.len > 0) {
        memcpy(block, key.data, key.len);
    }
}

void csign_hmac_pads(uint8_t inner[64], uint8_t outer[64], csign_bytes key)
{
    csign_hmac_key_block(inner, key);
    for (unsigned i = 0; i < 64; i++) {
        outer[i] = inner[i] ^ HMAC_OPAD;
        inner[i] ^= HMAC_IPAD;
    }
}

/* The hash value after the one block K ^ pad. */
static void absorb_pad(uint32_t out[8], const uint8_t pad[64])
{
    csign_sha256 sha256;
    csign_sha256_start(&sha256);
    csign_sha256_update(&sha256, (csign_bytes){pad, 64});
    memcpy(out, sha256.hash, sizeof sha256.hash);
    csign_wipe(&sha256, sizeof sha256);
}

void csign_hmac_key_init(csign_hmac_key *out, csign_bytes key)
{
    uint8_t inner[64], outer[64];
    csign_hmac_pads(inner, outer, key);
    absorb_pad(out->inner, inner);
    absorb_pad(out->outer, outer);
    csign_wipe(inner, sizeof inner);
    csign_wipe(outer, sizeof outer);
    csign_wipe_stack();
}

void csign_hmac_start(csign_hmac *hmac, const csign_hmac_key *key)
{
    hmac->key = key;
    csign_sha256_resume(&hmac->inner, key->inner, 64);
}

void csign_hmac_update(csign_hmac *hmac, csign_bytes message)
{
    csign_sha256_update(&hmac->inner, message);
}

void csign_hmac_finish(csign_hmac *hmac, uint8_t mac[32])
{
    csign_sha256 outer;
    uint8_t digest[32];
    csign_sha256_finish(&hmac->inner, digest);
    csign_sha256_resume(&outer, hmac->key->outer, 64);
    csign_sha256_update(&outer, (csign_bytes){digest, sizeof digest});
    csign_sha256_finish(&outer, mac);
    csign_wipe(digest, sizeof digest);
    csign_wipe(hmac, sizeof *hmac);
    csign_wipe_stack();
}
