/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC with Armv8's AES instructions (NIST SP 800-38B sections 6.1 and 6.2). One message is one chain, and nothing but the
   cipher's rounds is on it: AESE adds its key operand before it substitutes, so the next block goes in with the first round key, and
   so does the last round key of the block before. Of a batch eight chains run beside each other. */
#include "aes_armv8.h"

#if defined(CSIGN_HAVE_ARMV8)

#include "backend_armv8.h"
#include "cmac.h"
#include "cmac_lanes.h"
#include "wipe.h"

ARMV8 void csign_cmac_key_armv8(csign_cmac_key *out, const uint8_t key[16])
{
    uint8_t l[16];
    aes_expand(&out->aes, key);
    vst1q_u8(l, aes_encrypt(&out->aes, vdupq_n_u8(0)));
    csign_cmac_double(out->k1, l);
    csign_cmac_double(out->k2, out->k1);
    csign_wipe(l, sizeof l);
}

/* The last block, of len bytes and zeros, padded and masked with its subkey; len 0 is an empty message's. */
NEON_INLINE uint8x16_t last_block(const csign_cmac_key *key, uint8x16_t block, size_t len)
{
    const uint8_t *subkey = len == 16 ? key->k1 : key->k2;
    return veorq_u8(vorrq_u8(block, neon_byte_at(len, 0x80)), vld1q_u8(subkey));
}

/* `state` lacks the addition of the last round key all along. */
ARMV8 void csign_cmac_armv8(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message)
{
    const uint8x16_t last_key = aes_round_key(&key->aes, AES_ROUNDS);
    const uint8x16_t both = veorq_u8(aes_round_key(&key->aes, 0), last_key);
    uint8x16_t state = last_key;
    size_t len;
    neon_reader r = neon_read(message, &len);
    size_t blocks = len > 0 ? (len - 1) / 16 : 0; /* before the last one */
    const size_t rest = len - 16 * blocks;
    while (blocks > 0) {
        const uint8_t *run = NULL;
        const size_t count = neon_read_run(&r, 16, blocks, &run);
        for (size_t i = 0; i < count; i++) {
            state = aes_rounds(state, veorq_u8(both, vld1q_u8(run + 16 * i)), &key->aes);
        }
        blocks -= count;
        if (count == 0) {
            state = aes_rounds(state, veorq_u8(both, neon_read_block(&r)), &key->aes);
            blocks--;
        }
    }
    const uint8x16_t last = last_block(key, neon_read_block(&r), rest);
    vst1q_u8(tag, veorq_u8(aes_rounds(state, veorq_u8(both, last), &key->aes), last_key));
}

enum { LANES = 8 };

/* Each lane's round keys are read where its signer has them. */
ARMV8 static void blocks(csign_cmac_lanes *lanes, size_t count)
{
    uint8x16_t s[LANES];
    for (unsigned l = 0; l < LANES; l++) {
        s[l] = vld1q_u8(lanes->chain[l]);
    }
    for (size_t i = 0; i < count; i++) {
        for (unsigned l = 0; l < LANES; l++) {
            s[l] = veorq_u8(s[l], vld1q_u8(lanes->at[l] + 16 * i));
        }
        for (unsigned round = 0; round < AES_ROUNDS - 1; round++) {
            for (unsigned l = 0; l < LANES; l++) {
                s[l] = vaesmcq_u8(vaeseq_u8(s[l], aes_round_key(&lanes->key[l]->aes, round)));
            }
        }
        for (unsigned l = 0; l < LANES; l++) {
            const csign_aes128_key *key = &lanes->key[l]->aes;
            s[l] = veorq_u8(vaeseq_u8(s[l], aes_round_key(key, AES_ROUNDS - 1)), aes_round_key(key, AES_ROUNDS));
        }
    }
    for (unsigned l = 0; l < LANES; l++) {
        vst1q_u8(lanes->chain[l], s[l]);
    }
}

void csign_cmac_batch_armv8(csign_mac_job *const *jobs, size_t count)
{
    csign_cmac_lanes_run(LANES, blocks, jobs, count);
}

#endif
