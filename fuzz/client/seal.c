/* SPDX-License-Identifier: Apache-2.0 */
#include "seal.h"

#include <openssl/evp.h>
#include <string.h>

#include "interop/server/octets.h"

static const EVP_CIPHER *cipher_of(csign_cipher cipher)
{
    switch (cipher) {
    case CSIGN_AES_128_CCM:
        return EVP_aes_128_ccm();
    case CSIGN_AES_128_GCM:
        return EVP_aes_128_gcm();
    case CSIGN_AES_256_CCM:
        return EVP_aes_256_ccm();
    case CSIGN_AES_256_GCM:
        return EVP_aes_256_gcm();
    default:
        return NULL;
    }
}

static bool run(const csign_session *keys, const csign_key *key, int encrypt, uint8_t *header, size_t len)
{
    const EVP_CIPHER *cipher = cipher_of(keys->cipher);
    if (!cipher || !key->len)
        return false;
    bool ccm = keys->cipher == CSIGN_AES_128_CCM || keys->cipher == CSIGN_AES_256_CCM;
    uint8_t *text = header + SEAL_LEN;
    int n = 0;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool ok = EVP_CipherInit_ex(ctx, cipher, NULL, NULL, NULL, encrypt) == 1;
    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, ccm ? 11 : 12, NULL);
    if (!encrypt || ccm)
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 16, encrypt ? NULL : header + 4);
    ok = ok && EVP_CipherInit_ex(ctx, NULL, NULL, key->bytes, header + 20, encrypt) == 1;
    if (ccm)
        ok = ok && EVP_CipherUpdate(ctx, NULL, &n, NULL, (int)len) == 1;
    ok = ok && EVP_CipherUpdate(ctx, NULL, &n, header + 20, 32) == 1 &&
         EVP_CipherUpdate(ctx, text, &n, text, (int)len) == 1;
    if (!ccm)
        ok = ok && EVP_CipherFinal_ex(ctx, text + n, &n) == 1;
    if (ok && encrypt)
        ok = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, header + 4) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return ok;
}

bool seal(const csign_session *keys, uint64_t session_id, uint64_t nonce, uint8_t *header, size_t len)
{
    memset(header, 0, SEAL_LEN);
    store_le32(header, 0x424D53FDu); /* ProtocolId */
    store_le64(header + 20, nonce);
    store_le32(header + 36, (uint32_t)len);
    header[42] = 1;
    store_le64(header + 44, session_id);
    return run(keys, &keys->client_to_server, 1, header, len);
}

bool unseal(const csign_session *keys, uint8_t *header, size_t len)
{
    return len >= SEAL_LEN && load_le32(header + 36) == len - SEAL_LEN && header[42] == 1 &&
           run(keys, &keys->server_to_client, 0, header, len - SEAL_LEN);
}
