/* SPDX-License-Identifier: Apache-2.0 */
/* Key derivation (MS-SMB2 3.1.4.2). In 3.0 and 3.0.2 labels and contexts are fixed strings, at 3.1.1 the context is
   the session's preauthentication hash. Each string's own NUL is part of it: the separator that SP 800-108 puts behind
   the label comes on top. */
#include <string.h>

#include "../crypto/wipe.h"
#include "../include/countersign/crypto.h"
#include "../include/countersign/keys.h"
#include "negotiated.h"

enum { SESSION_KEY_LEN = 16 };

typedef struct constant {
    uint8_t len;
    char bytes[16];
} constant;

typedef struct purpose_constants {
    constant label_3_0, context_3_0, label_3_1_1;
} purpose_constants;

#define CONSTANT(string) {(uint8_t)sizeof(string), string}

static const purpose_constants constants[] = {
    [CSIGN_KEY_SIGNING] = {CONSTANT("SMB2AESCMAC"), CONSTANT("SmbSign"), CONSTANT("SMBSigningKey")},
    [CSIGN_KEY_APPLICATION] = {CONSTANT("SMB2APP"), CONSTANT("SmbRpc"), CONSTANT("SMBAppKey")},
    [CSIGN_KEY_CLIENT_TO_SERVER] = {CONSTANT("SMB2AESCCM"), CONSTANT("ServerIn "), CONSTANT("SMBC2SCipherKey")},
    [CSIGN_KEY_SERVER_TO_CLIENT] = {CONSTANT("SMB2AESCCM"), CONSTANT("ServerOut"), CONSTANT("SMBS2CCipherKey")},
};

static csign_bytes view(const constant *c)
{
    csign_bytes bytes = {(const uint8_t *)c->bytes, c->len};
    return bytes;
}

static bool cipher_key(csign_key_purpose purpose)
{
    return purpose == CSIGN_KEY_CLIENT_TO_SERVER || purpose == CSIGN_KEY_SERVER_TO_CLIENT;
}

static bool length_ok(size_t out_len, csign_key_purpose purpose, csign_dialect dialect)
{
    return out_len == 16 || (out_len == 32 && cipher_key(purpose) && dialect == CSIGN_SMB_3_1_1);
}

csign_status csign_derive_key(uint8_t *out, size_t out_len, csign_key_purpose purpose, csign_dialect dialect,
                              csign_bytes session_key, const uint8_t preauth[64])
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(out, 0, out_len);
    if ((unsigned)purpose > CSIGN_KEY_SERVER_TO_CLIENT || !csign_dialect_known(dialect)) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (!length_ok(out_len, purpose, dialect)) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (session_key.data == NULL && session_key.len != 0) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (dialect < CSIGN_SMB_3_0 && cipher_key(purpose)) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (dialect == CSIGN_SMB_3_1_1 && preauth == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    uint8_t truncated[SESSION_KEY_LEN] = {0};
    size_t truncated_len = session_key.len < SESSION_KEY_LEN ? session_key.len : SESSION_KEY_LEN;
    if (truncated_len != 0) {
        memcpy(truncated, session_key.data, truncated_len);
    }
    csign_bytes key = {truncated, SESSION_KEY_LEN};
    if (out_len == 32) {
        key = session_key;
    }
    csign_status status = CSIGN_OK;
    if (dialect < CSIGN_SMB_3_0) {
        memcpy(out, truncated, SESSION_KEY_LEN);
    } else if (dialect == CSIGN_SMB_3_1_1) {
        csign_bytes context = {preauth, 64};
        status = csign_kdf_sp800_108(out, out_len, key, view(&constants[purpose].label_3_1_1), context);
    } else {
        status = csign_kdf_sp800_108(out, out_len, key, view(&constants[purpose].label_3_0),
                                     view(&constants[purpose].context_3_0));
    }
    csign_wipe(truncated, sizeof truncated);
    return status;
}
