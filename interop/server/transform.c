/* SPDX-License-Identifier: Apache-2.0 */
#include "transform.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "frame.h"
#include "octets.h"

/* The header: ProtocolId 0, Signature 4, Nonce 20, OriginalMessageSize 36, Flags 42, SessionId 44. Authenticated from 20 on. */
static const struct {
    const EVP_CIPHER *(*cipher)(void);
    int nonce_len;
    bool ccm;
} CIPHERS[] = {
    [CSIGN_AES_128_CCM] = {EVP_aes_128_ccm, 11, true},
    [CSIGN_AES_128_GCM] = {EVP_aes_128_gcm, 12, false},
    [CSIGN_AES_256_CCM] = {EVP_aes_256_ccm, 11, true},
    [CSIGN_AES_256_GCM] = {EVP_aes_256_gcm, 12, false},
};

static const uint8_t PROTOCOL_ID[4] = {0xFD, 'S', 'M', 'B'};

static bool run(csign_cipher which, const csign_key *key, int seal, uint8_t *header, uint8_t *message, int len)
{
    bool ccm = CIPHERS[which].ccm;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n;
    bool ok = ctx && EVP_CipherInit_ex(ctx, CIPHERS[which].cipher(), NULL, NULL, NULL, seal) &&
              EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, CIPHERS[which].nonce_len, NULL) &&
              (seal ? !ccm || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 16, NULL)
                    : EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 16, header + 4)) &&
              EVP_CipherInit_ex(ctx, NULL, NULL, key->bytes, header + 20, seal) &&
              (!ccm || EVP_CipherUpdate(ctx, NULL, &n, NULL, len)) &&
              EVP_CipherUpdate(ctx, NULL, &n, header + 20, 32) && EVP_CipherUpdate(ctx, message, &n, message, len) &&
              (ccm || EVP_CipherFinal_ex(ctx, message + n, &n)) &&
              (!seal || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, header + 4));
    EVP_CIPHER_CTX_free(ctx);
    if (!ok)
        ERR_clear_error(); /* nobody reads them, and up to 16 would be kept */
    return ok;
}

bool transform_seal(struct session *session, uint8_t header[52], uint8_t *message, size_t len)
{
    csign_cipher cipher = session->keys.cipher;
    if (!session->keys.server_to_client.len || cipher == CSIGN_CIPHER_NONE || len > MAX_SEALED)
        return false;
    memset(header, 0, TRANSFORM_LEN);
    memcpy(header, PROTOCOL_ID, sizeof PROTOCOL_ID);
    store_le64(header + 20, ++session->nonce); /* a counter never repeats under one key */
    store_le32(header + 36, (uint32_t)len);
    store_le16(header + 42, 1); /* Encrypted */
    store_le64(header + 44, session->id);
    return run(cipher, &session->keys.server_to_client, 1, header, message, (int)len);
}

bool transform_open(const struct session *session, uint8_t *transform, size_t len)
{
    csign_cipher cipher = session->keys.cipher;
    if (len < TRANSFORM_LEN || !session->keys.client_to_server.len || cipher == CSIGN_CIPHER_NONE)
        return false;
    size_t inside = len - TRANSFORM_LEN;
    if (load_le32(transform + 36) != inside || load_le16(transform + 42) != 1)
        return false;
    return run(cipher, &session->keys.client_to_server, 0, transform, transform + TRANSFORM_LEN, (int)inside);
}
