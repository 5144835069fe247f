/* SPDX-License-Identifier: Apache-2.0 */
/* Key derivation (MS-SMB2 3.1.4.2). In 3.0 and 3.0.2 labels and contexts are fixed strings, at 3.1.1 the context is
   the session's preauthentication hash. Each string's own NUL is part of it: the separator that SP 800-108 puts behind
   the label comes on top. */
#include "derive_key.h"

#include <string.h>

#include "../crypto/kdf.h"
#include "../crypto/wipe.h"
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

static bool request_ok(const csign_key_request *request, csign_dialect dialect)
{
    return (unsigned)request->purpose <= CSIGN_KEY_SERVER_TO_CLIENT &&
           length_ok(request->out_len, request->purpose, dialect) &&
           (dialect >= CSIGN_SMB_3_0 || !cipher_key(request->purpose));
}

static csign_kdf_block block(const csign_key_request *request, const csign_hmac_key *key, csign_dialect dialect,
                             const uint8_t preauth[64])
{
    const purpose_constants *c = &constants[request->purpose];
    const bool at_3_1_1 = dialect == CSIGN_SMB_3_1_1;
    const csign_bytes hash = {preauth, 64};
    return (csign_kdf_block){.out = request->out,
                             .len = request->out_len,
                             .key = key,
                             .i = 1,
                             .label = view(at_3_1_1 ? &c->label_3_1_1 : &c->label_3_0),
                             .context = at_3_1_1 ? hash : view(&c->context_3_0),
                             .key_len = request->out_len};
}

/* A key of 32 bytes is derived from the whole session key, one of 16 from its first sixteen bytes, padded with zeros if it is shorter. */
static void derive(const csign_key_request *requests, size_t count, csign_dialect dialect, csign_bytes session_key,
                   csign_bytes truncated, const uint8_t preauth[64])
{
    const csign_backend *backend = csign_backends[csign_backend_best(CSIGN_HMAC)];
    csign_kdf_block blocks[CSIGN_KEY_REQUESTS_MAX];
    csign_hmac_key of_truncated, of_whole;
    bool any_of_truncated = false, any_of_whole = false;
    for (size_t i = 0; i < count; i++) {
        const bool whole = requests[i].out_len == 32;
        blocks[i] = block(&requests[i], whole ? &of_whole : &of_truncated, dialect, preauth);
        any_of_whole |= whole;
        any_of_truncated |= !whole;
    }
    if (any_of_truncated) {
        backend->hmac_key(&of_truncated, truncated);
    }
    if (any_of_whole) {
        backend->hmac_key(&of_whole, session_key);
    }
    csign_kdf_blocks(backend, blocks, count);
    csign_wipe(&of_truncated, sizeof of_truncated);
    csign_wipe(&of_whole, sizeof of_whole);
}

csign_status csign_derive_keys(const csign_key_request *requests, size_t count, csign_dialect dialect,
                               csign_bytes session_key, const uint8_t preauth[64])
{
    bool ok = csign_dialect_known(dialect) && (session_key.data != NULL || session_key.len == 0) &&
              (dialect != CSIGN_SMB_3_1_1 || preauth != NULL);
    for (size_t i = 0; i < count; i++) {
        ok = ok && request_ok(&requests[i], dialect);
    }
    if (!ok) {
        for (size_t i = 0; i < count; i++) {
            memset(requests[i].out, 0, requests[i].out_len);
        }
        return CSIGN_BAD_ARGUMENT;
    }
    uint8_t truncated[SESSION_KEY_LEN] = {0};
    size_t truncated_len = session_key.len < SESSION_KEY_LEN ? session_key.len : SESSION_KEY_LEN;
    if (truncated_len != 0) {
        memcpy(truncated, session_key.data, truncated_len);
    }
    if (dialect < CSIGN_SMB_3_0) {
        for (size_t i = 0; i < count; i++) {
            memcpy(requests[i].out, truncated, SESSION_KEY_LEN);
        }
    } else {
        derive(requests, count, dialect, session_key, (csign_bytes){truncated, SESSION_KEY_LEN}, preauth);
    }
    csign_wipe(truncated, sizeof truncated);
    return CSIGN_OK;
}

csign_status csign_derive_key(uint8_t *out, size_t out_len, csign_key_purpose purpose, csign_dialect dialect,
                              csign_bytes session_key, const uint8_t preauth[64])
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    const csign_key_request request = {out, out_len, purpose};
    return csign_derive_keys(&request, 1, dialect, session_key, preauth);
}
