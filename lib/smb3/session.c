/* SPDX-License-Identifier: Apache-2.0 */
/* A session's keys and its signer (MS-SMB2 3.2.5.3.1, 3.3.5.5.3). */
#include <string.h>

#include "../crypto/wipe.h"
#include "derive_key.h"
#include "negotiated.h"
#include "overlap.h"

static size_t cipher_key_len(csign_cipher cipher)
{
    switch (cipher) {
    case CSIGN_AES_128_CCM:
    case CSIGN_AES_128_GCM:
        return 16;
    case CSIGN_AES_256_CCM:
    case CSIGN_AES_256_GCM:
        return 32;
    default:
        return 0;
    }
}

csign_status csign_session_derive(csign_session *out, const csign_negotiated *negotiated, csign_bytes full_session_key,
                                  const uint8_t preauth[64])
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    /* Zeroing *out would zero such a key, and the session would have the keys of an all-zero one. */
    bool overlap = csign_overlap(out, sizeof *out, full_session_key.data, full_session_key.len);
    memset(out, 0, sizeof *out);
    if (overlap) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (negotiated == NULL || !csign_negotiated_possible(negotiated)) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (full_session_key.data == NULL || full_session_key.len == 0) {
        return CSIGN_BAD_ARGUMENT;
    }
    csign_dialect dialect = negotiated->dialect;
    out->dialect = dialect;
    out->signing_algorithm = negotiated->signing_algorithm;
    out->cipher = negotiated->cipher;
    out->signing.len = 16;
    out->application.len = 16;
    size_t len = cipher_key_len(out->cipher);
    out->client_to_server.len = len;
    out->server_to_client.len = len;
    const csign_key_request keys[] = {
        {out->signing.bytes, 16, CSIGN_KEY_SIGNING},
        {out->application.bytes, 16, CSIGN_KEY_APPLICATION},
        {out->client_to_server.bytes, len, CSIGN_KEY_CLIENT_TO_SERVER},
        {out->server_to_client.bytes, len, CSIGN_KEY_SERVER_TO_CLIENT},
    };
    csign_status status = csign_derive_keys(keys, len == 0 ? 2 : 4, dialect, full_session_key, preauth);
    if (status == CSIGN_OK) {
        status = csign_signer_init(&out->signer, out->signing_algorithm, out->signing.bytes);
    }
    if (status != CSIGN_OK) {
        csign_session_wipe(out);
    }
    return status;
}

void csign_session_wipe(csign_session *session)
{
    if (session != NULL) {
        csign_wipe(session, sizeof *session);
    }
}
