/* SPDX-License-Identifier: Apache-2.0 */
/* Binding a session to a further connection (MS-SMB2 3.2.4.1.8, 3.3.5.5.2). The order of the checks is that in which
   Samba answers. */
#include <string.h>

#include "../crypto/wipe.h"
#include "../include/countersign/keys.h"
#include "negotiated.h"
#include "overlap.h"

enum {
    NT_OK = 0,
    INVALID_PARAMETER = 0x0D,
    NOT_SUPPORTED = 0xBB,
    REQUEST_NOT_ACCEPTED = 0xD0,
    REQUEST_OUT_OF_SEQUENCE = 0x42A
};

static uint32_t refusal(const csign_session *session, const csign_negotiated *connection)
{
    if (session->signing_algorithm == CSIGN_AES_GMAC && connection->signing_algorithm != CSIGN_AES_GMAC) {
        return REQUEST_OUT_OF_SEQUENCE;
    }
    if (session->signing_algorithm != CSIGN_AES_GMAC && connection->signing_algorithm == CSIGN_AES_GMAC) {
        return NOT_SUPPORTED;
    }
    if (session->dialect < CSIGN_SMB_3_0 || connection->dialect < CSIGN_SMB_3_0) {
        return REQUEST_NOT_ACCEPTED;
    }
    if (session->dialect != connection->dialect) {
        return INVALID_PARAMETER;
    }
    if (session->cipher != connection->cipher) {
        return INVALID_PARAMETER;
    }
    return NT_OK;
}

csign_status csign_session_bind_check(const csign_session *session, const csign_negotiated *connection,
                                      uint32_t *ntstatus)
{
    const uint32_t severity_error = 0xC0000000u;
    csign_status status = CSIGN_BAD_ARGUMENT;
    uint32_t code = INVALID_PARAMETER;
    if (session != NULL && connection != NULL && session->signer.kind != 0 && csign_negotiated_possible(connection)) {
        code = refusal(session, connection);
        status = code == NT_OK ? CSIGN_OK : CSIGN_UNSUPPORTED;
    }
    if (ntstatus != NULL) {
        *ntstatus = code == NT_OK ? 0 : (severity_error | code);
    }
    return status;
}

csign_status csign_session_bind(csign_channel *out, const csign_session *session, const csign_negotiated *connection,
                                csign_bytes binding_key, const uint8_t preauth[64])
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    bool overlap = csign_overlap(out, sizeof *out, binding_key.data, binding_key.len);
    memset(out, 0, sizeof *out);
    if (overlap) {
        return CSIGN_BAD_ARGUMENT;
    }
    csign_status status = csign_session_bind_check(session, connection, NULL);
    if (status != CSIGN_OK) {
        return status;
    }
    if (binding_key.data == NULL || binding_key.len == 0) {
        return CSIGN_BAD_ARGUMENT;
    }
    out->signing.len = 16;
    status = csign_derive_key(out->signing.bytes, 16, CSIGN_KEY_SIGNING, connection->dialect, binding_key, preauth);
    if (status == CSIGN_OK) {
        status = csign_signer_init(&out->signer, connection->signing_algorithm, out->signing.bytes);
    }
    if (status != CSIGN_OK) {
        csign_channel_wipe(out);
    }
    return status;
}

void csign_channel_wipe(csign_channel *channel)
{
    if (channel != NULL) {
        csign_wipe(channel, sizeof *channel);
    }
}
