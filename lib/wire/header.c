/* SPDX-License-Identifier: Apache-2.0 */
/* The SMB2 packet header (MS-SMB2 2.2.1.1, 2.2.1.2). */
#include "header.h"

#include <string.h>

#include "../octets.h"

csign_status csign_header_parse(csign_header *out, csign_bytes element)
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(out, 0, sizeof *out);
    if (element.data == NULL && element.len != 0) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (element.len < CSIGN_HEADER_LEN) {
        return CSIGN_TRUNCATED;
    }
    const uint8_t *p = element.data;
    if (csign_load_le32(p) != HEADER_PROTOCOL_ID) {
        return CSIGN_MALFORMED;
    }
    if (csign_load_le16(p + HEADER_STRUCTURE_SIZE) != CSIGN_HEADER_LEN) {
        return CSIGN_MALFORMED;
    }
    out->protocol_id = HEADER_PROTOCOL_ID;
    out->structure_size = CSIGN_HEADER_LEN;
    out->credit_charge = csign_load_le16(p + HEADER_CREDIT_CHARGE);
    out->status = csign_load_le32(p + HEADER_STATUS);
    out->command = csign_load_le16(p + HEADER_COMMAND);
    out->credits = csign_load_le16(p + HEADER_CREDITS);
    out->flags = csign_load_le32(p + HEADER_FLAGS);
    out->next_command = csign_load_le32(p + HEADER_NEXT_COMMAND);
    out->message_id = csign_load_le64(p + HEADER_MESSAGE_ID);
    out->async_id = csign_load_le64(p + HEADER_ASYNC_ID);
    out->process_id = csign_load_le32(p + HEADER_PROCESS_ID);
    out->tree_id = csign_load_le32(p + HEADER_TREE_ID);
    out->session_id = csign_load_le64(p + HEADER_SESSION_ID);
    memcpy(out->signature, p + HEADER_SIGNATURE, sizeof out->signature);
    return CSIGN_OK;
}
