/* SPDX-License-Identifier: Apache-2.0 */
/* MS-SMB2 in questions to the oracles; see smb3.h. Labels and contexts are typed from MS-SMB2 3.1.4.2, 3.2.5.3.1 and 3.3.5.5.3:
   their lengths include the terminating NUL, as the standard demands. Offsets are those of the header in 2.2.1. */
#include "smb3.h"

#include <stdlib.h>
#include <string.h>

#define TEXT(s) {(const uint8_t *)(s), sizeof(s)} /* sizeof a literal counts its NUL */

static const struct {
    struct diff_bytes label_3_0, context_3_0, label_3_1_1;
} keys[] = {
    [SMB3_SIGNING] = {TEXT("SMB2AESCMAC"), TEXT("SmbSign"), TEXT("SMBSigningKey")},
    [SMB3_APPLICATION] = {TEXT("SMB2APP"), TEXT("SmbRpc"), TEXT("SMBAppKey")},
    [SMB3_CLIENT_TO_SERVER] = {TEXT("SMB2AESCCM"), TEXT("ServerIn "), TEXT("SMBC2SCipherKey")},
    [SMB3_SERVER_TO_CLIENT] = {TEXT("SMB2AESCCM"), TEXT("ServerOut"), TEXT("SMBS2CCipherKey")},
};

static uint8_t *room(struct smb3_scratch *scratch, size_t len)
{
    if (len > scratch->capacity) {
        free(scratch->message);
        scratch->message = malloc(len);
        if (scratch->message == NULL)
            abort();
        scratch->capacity = len;
    }
    return scratch->message;
}

void smb3_scratch_free(struct smb3_scratch *scratch)
{
    free(scratch->message);
    memset(scratch, 0, sizeof *scratch);
}

void smb3_ask_signature(struct diff_question *out, struct smb3_scratch *scratch, unsigned algorithm,
                        const uint8_t key[16], const uint8_t *element, size_t len)
{
    static const enum oracle_operation operations[] = {ORACLE_HMAC_SHA256, ORACLE_CMAC_AES128, ORACLE_GMAC_AES128};
    if (algorithm > 2 || len < 64) {
        fprintf(stderr, "oracle: no signature with algorithm %u over %zu bytes\n", algorithm, len);
        abort();
    }
    uint8_t *masked = room(scratch, len);
    memcpy(masked, element, len);
    masked[16] |= 0x08;         /* Flags: SMB2_FLAGS_SIGNED */
    memset(masked + 48, 0, 16); /* Signature */
    memset(scratch->nonce, 0, sizeof scratch->nonce);
    memcpy(scratch->nonce, element + 24, 8); /* MessageId as it is on the wire */
    bool is_server = element[16] & 0x01;     /* Flags: SMB2_FLAGS_SERVER_TO_REDIR */
    bool is_cancel = element[12] == 0x0C && element[13] == 0x00;
    scratch->nonce[8] = (uint8_t)((is_server ? 1 : 0) + (is_cancel ? 2 : 0));
    *out = (struct diff_question){
        .operation = operations[algorithm], .key = {key, 16}, .message = {masked, len}, .answer_len = 16};
    if (algorithm == 2)
        out->nonce = (struct diff_bytes){scratch->nonce, 12};
}

void smb3_session_key(uint8_t out[16], struct diff_bytes full)
{
    for (size_t i = 0; i < 16; i++)
        out[i] = i < full.len ? full.data[i] : 0;
}

void smb3_ask_key(struct diff_question *out, struct smb3_scratch *scratch, enum smb3_key purpose, unsigned dialect,
                  size_t key_len, struct diff_bytes session_key, const uint8_t preauth[64])
{
    if (dialect != 0x0300 && dialect != 0x0302 && dialect != 0x0311) {
        fprintf(stderr, "oracle: dialect 0x%04x derives no keys\n", dialect);
        abort();
    }
    *out = (struct diff_question){.operation = ORACLE_KDF_SP800_108, .answer_len = key_len};
    if (key_len == 32) {
        out->key = session_key; /* Session.FullSessionKey, for AES-256 ciphers */
    } else {
        smb3_session_key(scratch->key, session_key);
        out->key = (struct diff_bytes){scratch->key, 16};
    }
    out->label = dialect == 0x0311 ? keys[purpose].label_3_1_1 : keys[purpose].label_3_0;
    out->context = dialect == 0x0311 ? (struct diff_bytes){preauth, 64} : keys[purpose].context_3_0;
}

void smb3_ask_preauth(struct diff_question *out, struct smb3_scratch *scratch, const uint8_t value[64],
                      struct diff_bytes message)
{
    uint8_t *joined = room(scratch, 64 + message.len);
    memcpy(joined, value, 64);
    if (message.len)
        memcpy(joined + 64, message.data, message.len);
    *out = (struct diff_question){.operation = ORACLE_SHA512, .message = {joined, 64 + message.len}, .answer_len = 64};
}
