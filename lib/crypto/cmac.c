/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC: NIST SP 800-38B section 6.2, RFC 4493 section 2.4. CBC-MAC, whose last block is masked with one of two
   subkeys: K1 when it is whole, K2 when it had to be padded. The message is added straight into the chaining value, so
   there is no block buffer beside it. */
#include "cmac.h"

#include <string.h>

#include "aes128.h"
#include "wipe.h"

void csign_cmac_double(uint8_t out[16], const uint8_t in[16])
{
    const unsigned carry = in[0] >> 7;
    for (unsigned i = 0; i < 15; i++) {
        out[i] = (uint8_t)(((unsigned)in[i] << 1 | in[i + 1] >> 7) & 0xFFu);
    }
    out[15] = (uint8_t)((((unsigned)in[15] << 1) & 0xFFu) ^ (0x87u * carry));
}

void csign_cmac_key_init(csign_cmac_key *out, const uint8_t key[16])
{
    uint8_t l[16] = {0};
    csign_aes128_expand(&out->aes, key);
    csign_aes128_encrypt(&out->aes, l, l);
    csign_cmac_double(out->k1, l);
    csign_cmac_double(out->k2, out->k1);
    csign_wipe(l, sizeof l);
    csign_wipe_stack();
}

void csign_cmac_start(csign_cmac *cmac, const csign_cmac_key *key)
{
    cmac->key = key;
    memset(cmac->chain, 0, sizeof cmac->chain);
    cmac->used = 0;
}

static void add_block(uint8_t sum[16], const uint8_t block[16])
{
    for (unsigned i = 0; i < 16; i++) {
        sum[i] ^= block[i];
    }
}

void csign_cmac_update(csign_cmac *cmac, csign_bytes message)
{
    size_t done = 0;
    while (done < message.len) {
        if (cmac->used == 16) {
            csign_aes128_encrypt(&cmac->key->aes, cmac->chain, cmac->chain);
            cmac->used = 0;
        }
        if (cmac->used == 0 && message.len - done >= 16) {
            add_block(cmac->chain, message.data + done);
            cmac->used = 16;
            done += 16;
        } else {
            cmac->chain[cmac->used] ^= message.data[done];
            cmac->used++;
            done++;
        }
    }
}

void csign_cmac_finish(csign_cmac *cmac, uint8_t tag[16])
{
    if (cmac->used == 16) {
        add_block(cmac->chain, cmac->key->k1);
    } else {
        cmac->chain[cmac->used] ^= 0x80;
        add_block(cmac->chain, cmac->key->k2);
    }
    csign_aes128_encrypt(&cmac->key->aes, tag, cmac->chain);
    csign_wipe(cmac, sizeof *cmac);
    csign_wipe_stack();
}
