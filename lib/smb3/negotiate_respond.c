/* SPDX-License-Identifier: Apache-2.0 */
/* The response to a NEGOTIATE request (MS-SMB2 3.3.5.4): it carries what was chosen and nothing else, since strict
   clients drop a connection that answers with what they did not offer. */
#include <string.h>

#include "negotiated.h"

/* All one-id lists there are, as they stand on the wire: id n at 2n. */
static const uint8_t single_ids[] = {0, 0, 1, 0, 2, 0, 3, 0, 4, 0};

static csign_u16_list single_id(unsigned id)
{
    csign_u16_list list = {single_ids + 2 * id, 1};
    return list;
}

csign_status csign_negotiate_respond(csign_negotiate_response *out, const csign_negotiated *chosen,
                                     const csign_negotiate_request *request, csign_bytes salt)
{
    enum { SALT_MAX = 65535 - 6 };
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(out, 0, sizeof *out);
    if (chosen == NULL || request == NULL || !csign_negotiated_possible(chosen)) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (chosen->dialect == CSIGN_SMB_3_1_1 && chosen->cipher != CSIGN_CIPHER_NONE && !chosen->cipher_negotiated) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (salt.len > SALT_MAX || (salt.data == NULL && salt.len != 0)) {
        return CSIGN_BAD_ARGUMENT;
    }
    out->header.protocol_id = request->header.protocol_id;
    out->header.structure_size = CSIGN_HEADER_LEN;
    out->header.credit_charge = request->header.credit_charge;
    out->header.credits = 1;
    out->header.flags = CSIGN_FLAG_SERVER_TO_REDIR;
    out->header.message_id = request->header.message_id;
    out->header.process_id = request->header.process_id;
    out->dialect = (uint16_t)chosen->dialect;
    if (chosen->dialect != CSIGN_SMB_3_1_1) {
        out->capabilities = chosen->cipher == CSIGN_CIPHER_NONE ? 0 : CSIGN_CAP_ENCRYPTION;
        return CSIGN_OK;
    }
    out->has_preauth = true;
    out->preauth_hashes = single_id(CSIGN_PREAUTH_SHA512);
    out->preauth_salt = salt;
    if (chosen->cipher_negotiated) {
        out->has_encryption = true;
        out->ciphers = single_id(chosen->cipher);
    }
    if (chosen->signing_negotiated) {
        out->has_signing = true;
        out->signing_algorithms = single_id(chosen->signing_algorithm);
    }
    return CSIGN_OK;
}
