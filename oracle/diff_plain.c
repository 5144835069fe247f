/* SPDX-License-Identifier: Apache-2.0 */
/* diff_compare with plain arguments, one function for each operation and each thing that SMB3 asks. */
#include "diff.h"
#include "smb3.h"

void diff_cmac_aes128(const char *who, const uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    const struct diff_question q = {
        .operation = ORACLE_CMAC_AES128, .key = {key, 16}, .message = {message, len}, .answer_len = 16};
    diff_compare(&q, NULL, who, tag);
}

void diff_gmac_aes128(const char *who, const uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12],
                      const uint8_t *message, size_t len)
{
    const struct diff_question q = {.operation = ORACLE_GMAC_AES128,
                                    .key = {key, 16},
                                    .nonce = {nonce, 12},
                                    .message = {message, len},
                                    .answer_len = 16};
    diff_compare(&q, NULL, who, tag);
}

void diff_hmac_sha256(const char *who, const uint8_t mac[32], const uint8_t *key, size_t key_len,
                      const uint8_t *message, size_t len)
{
    const struct diff_question q = {
        .operation = ORACLE_HMAC_SHA256, .key = {key, key_len}, .message = {message, len}, .answer_len = 32};
    diff_compare(&q, NULL, who, mac);
}

void diff_sha512(const char *who, const uint8_t digest[64], const uint8_t *message, size_t len)
{
    const struct diff_question q = {.operation = ORACLE_SHA512, .message = {message, len}, .answer_len = 64};
    diff_compare(&q, NULL, who, digest);
}

void diff_kdf_sp800_108(const char *who, const uint8_t *out, size_t out_len, struct diff_bytes key,
                        struct diff_bytes label, struct diff_bytes context)
{
    const struct diff_question q = {
        .operation = ORACLE_KDF_SP800_108, .key = key, .label = label, .context = context, .answer_len = out_len};
    diff_compare(&q, NULL, who, out);
}

void diff_signature(const char *who, const uint8_t tag[16], unsigned algorithm, const uint8_t key[16],
                    const uint8_t *element, size_t len)
{
    struct smb3_scratch scratch = {0};
    struct diff_question q;
    smb3_ask_signature(&q, &scratch, algorithm, key, element, len);
    diff_compare(&q, NULL, who, tag);
    smb3_scratch_free(&scratch);
}

void diff_key(const char *who, const uint8_t *key, size_t key_len, enum smb3_key purpose, unsigned dialect,
              struct diff_bytes session_key, const uint8_t preauth[64])
{
    struct smb3_scratch scratch = {0};
    struct diff_question q;
    smb3_ask_key(&q, &scratch, purpose, dialect, key_len, session_key, preauth);
    diff_compare(&q, NULL, who, key);
    smb3_scratch_free(&scratch);
}

void diff_preauth(const char *who, const uint8_t after[64], const uint8_t before[64], struct diff_bytes message)
{
    struct smb3_scratch scratch = {0};
    struct diff_question q;
    smb3_ask_preauth(&q, &scratch, before, message);
    diff_compare(&q, NULL, who, after);
    smb3_scratch_free(&scratch);
}
