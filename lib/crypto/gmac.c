/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC: NIST SP 800-38D section 7.1 with an empty plaintext. The tag is the GHASH of the message, padded with
   zeros, and of a block of lengths, hidden under the encryption of nonce || 00000001. */
#include "gmac.h"

#include <string.h>

#include "../octets.h"
#include "aes128.h"
#include "ghash.h"
#include "wipe.h"

void csign_gmac_key_init(csign_gmac_key *out, const uint8_t key[16])
{
    uint8_t h[16] = {0};
    csign_aes128_expand(&out->aes, key);
    csign_aes128_encrypt(&out->aes, h, h);
    out->h[0] = csign_load_be64(h);
    out->h[1] = csign_load_be64(h + 8);
    memset(out->powers, 0, sizeof out->powers);
    memset(out->sums, 0, sizeof out->sums);
    csign_wipe(h, sizeof h);
    csign_wipe_stack();
}

void csign_gmac_start(csign_gmac *gmac, const csign_gmac_key *key, csign_nonce nonce)
{
    memset(gmac, 0, sizeof *gmac);
    gmac->key = key;
    csign_store_le64(gmac->mask, nonce.low);
    csign_store_le32(gmac->mask + 8, nonce.high);
    csign_store_be32(gmac->mask + 12, 1);
    csign_aes128_encrypt(&key->aes, gmac->mask, gmac->mask);
}

void csign_gmac_update(csign_gmac *gmac, csign_bytes message)
{
    size_t done = 0;
    while (done < message.len) {
        const size_t used = (size_t)(gmac->len % 16);
        const size_t left = message.len - done;
        const size_t taken = left < 16 - used ? left : 16 - used;
        if (taken == 16) {
            csign_ghash_block(gmac->hash, gmac->key->h, message.data + done);
        } else {
            memcpy(gmac->block + used, message.data + done, taken);
            if (used + taken == 16) {
                csign_ghash_block(gmac->hash, gmac->key->h, gmac->block);
            }
        }
        gmac->len += taken;
        done += taken;
    }
}

void csign_gmac_finish(csign_gmac *gmac, uint8_t tag[16])
{
    const size_t used = (size_t)(gmac->len % 16);
    if (used > 0) {
        memset(gmac->block + used, 0, 16 - used);
        csign_ghash_block(gmac->hash, gmac->key->h, gmac->block);
    }
    /* The two lengths in bits: of the message, which GCM calls additional data, and of the plaintext, of which there
       is none. */
    csign_store_be64(gmac->block, 8 * gmac->len);
    csign_store_be64(gmac->block + 8, 0);
    csign_ghash_block(gmac->hash, gmac->key->h, gmac->block);
    csign_store_be64(tag, gmac->hash[0] ^ csign_load_be64(gmac->mask));
    csign_store_be64(tag + 8, gmac->hash[1] ^ csign_load_be64(gmac->mask + 8));
    csign_wipe(gmac, sizeof *gmac);
    csign_wipe_stack();
}
