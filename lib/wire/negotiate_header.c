/* SPDX-License-Identifier: Apache-2.0 */
/* The header of NEGOTIATE messages (MS-SMB2 2.2.1.2): Command 0, one element alone. */
#include "negotiate_header.h"

#include <string.h>

#include "../octets.h"
#include "header.h"

csign_status csign_negotiate_header_parse(csign_header *out, csign_bytes message, size_t body_len,
                                          uint16_t structure_size)
{
    csign_status status = csign_header_parse(out, message);
    if (status != CSIGN_OK) {
        return status;
    }
    if (out->command != CSIGN_COMMAND_NEGOTIATE) {
        return CSIGN_MALFORMED;
    }
    if (out->next_command != 0) {
        return CSIGN_MALFORMED;
    }
    if (message.len - CSIGN_HEADER_LEN < body_len) {
        return CSIGN_TRUNCATED;
    }
    if (csign_load_le16(message.data + CSIGN_HEADER_LEN) != structure_size) {
        return CSIGN_MALFORMED;
    }
    return CSIGN_OK;
}

void csign_negotiate_header_encode(uint8_t out[CSIGN_HEADER_LEN], const csign_header *in, bool response)
{
    const uint32_t kept = in->flags & ~(CSIGN_FLAG_SERVER_TO_REDIR | CSIGN_FLAG_SIGNED);
    csign_store_le32(out, HEADER_PROTOCOL_ID);
    csign_store_le16(out + HEADER_STRUCTURE_SIZE, CSIGN_HEADER_LEN);
    csign_store_le16(out + HEADER_CREDIT_CHARGE, in->credit_charge);
    csign_store_le32(out + HEADER_STATUS, in->status);
    csign_store_le16(out + HEADER_COMMAND, CSIGN_COMMAND_NEGOTIATE);
    csign_store_le16(out + HEADER_CREDITS, in->credits);
    csign_store_le32(out + HEADER_FLAGS, response ? kept | CSIGN_FLAG_SERVER_TO_REDIR : kept);
    csign_store_le32(out + HEADER_NEXT_COMMAND, 0);
    csign_store_le64(out + HEADER_MESSAGE_ID, in->message_id);
    csign_store_le32(out + HEADER_PROCESS_ID, in->process_id);
    csign_store_le32(out + HEADER_TREE_ID, in->tree_id);
    csign_store_le64(out + HEADER_SESSION_ID, in->session_id);
    memcpy(out + HEADER_SIGNATURE, in->signature, sizeof in->signature);
}
