/* SPDX-License-Identifier: Apache-2.0 */
/* Encrypted messages: see transform.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "transform.h"

#include <nettle/ccm.h>
#include <nettle/gcm.h>
#include <nettle/memops.h>
#include <string.h>

#include "octets.h"

#define SIGNATURE_AT 4u
#define NONCE_AT 20u
#define SESSION_ID_AT 44u
#define TAG_LEN 16u
#define CCM_NONCE_LEN 11u

bool transform_parse(transform *out, csign_bytes message)
{
    if (message.len < TRANSFORM_HEADER_LEN)
        return false;
    *out = (transform){
        .session_id = load_le64(message.data + SESSION_ID_AT),
        .signature = message.data + SIGNATURE_AT,
        .nonce = message.data + NONCE_AT,
        .additional = {message.data + NONCE_AT, TRANSFORM_HEADER_LEN - NONCE_AT},
        .ciphertext = {message.data + TRANSFORM_HEADER_LEN, message.len - TRANSFORM_HEADER_LEN},
    };
    return true;
}

/* nettle has a function for each key length, and no way to name them in a table that keeps their types. */
#define GCM(bits)                                                                                                      \
    do {                                                                                                               \
        struct gcm_aes##bits##_ctx gcm;                                                                                \
        gcm_aes##bits##_set_key(&gcm, key->bytes);                                                                     \
        gcm_aes##bits##_set_iv(&gcm, GCM_IV_SIZE, t->nonce);                                                           \
        gcm_aes##bits##_update(&gcm, t->additional.len, t->additional.data);                                           \
        gcm_aes##bits##_decrypt(&gcm, text.len, plain, text.data);                                                     \
        gcm_aes##bits##_digest(&gcm, TAG_LEN, tag);                                                                    \
        explicit_bzero(&gcm, sizeof gcm);                                                                              \
    } while (0)

#define CCM(bits)                                                                                                      \
    do {                                                                                                               \
        struct ccm_aes##bits##_ctx ccm;                                                                                \
        ccm_aes##bits##_set_key(&ccm, key->bytes);                                                                     \
        ccm_aes##bits##_set_nonce(&ccm, CCM_NONCE_LEN, t->nonce, t->additional.len, text.len, TAG_LEN);                \
        ccm_aes##bits##_update(&ccm, t->additional.len, t->additional.data);                                           \
        ccm_aes##bits##_decrypt(&ccm, text.len, plain, text.data);                                                     \
        ccm_aes##bits##_digest(&ccm, TAG_LEN, tag);                                                                    \
        explicit_bzero(&ccm, sizeof ccm);                                                                              \
    } while (0)

bool transform_open(uint8_t *plain, const transform *t, csign_cipher cipher, const csign_key *key)
{
    const csign_bytes text = t->ciphertext;
    uint8_t tag[TAG_LEN];

    if (key->len != (cipher == CSIGN_AES_128_CCM || cipher == CSIGN_AES_128_GCM ? 16 : 32))
        return false;
    switch (cipher) {
    case CSIGN_AES_128_CCM:
        CCM(128);
        break;
    case CSIGN_AES_128_GCM:
        GCM(128);
        break;
    case CSIGN_AES_256_CCM:
        CCM(256);
        break;
    case CSIGN_AES_256_GCM:
        GCM(256);
        break;
    case CSIGN_CIPHER_NONE:
    default:
        return false;
    }
    return memeql_sec(tag, t->signature, TAG_LEN) != 0;
}
