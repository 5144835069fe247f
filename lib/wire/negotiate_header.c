/* SPDX-License-Identifier: Apache-2.0 */
/* The header of NEGOTIATE messages (MS-SMB2 2.2.1.2): Command 0, one element alone. */
#include "negotiate_header.h"

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

void csign_negotiate_header_encode(csign_writer *writer, const csign_header *in, bool response)
{
    uint32_t flags = in->flags & ~(CSIGN_FLAG_SERVER_TO_REDIR | CSIGN_FLAG_SIGNED);
    if (response) {
        flags |= CSIGN_FLAG_SERVER_TO_REDIR;
    }
    csign_write_u32(writer, HEADER_PROTOCOL_ID);
    csign_write_u16(writer, CSIGN_HEADER_LEN);
    csign_write_u16(writer, in->credit_charge);
    csign_write_u32(writer, in->status);
    csign_write_u16(writer, CSIGN_COMMAND_NEGOTIATE);
    csign_write_u16(writer, in->credits);
    csign_write_u32(writer, flags);
    csign_write_u32(writer, 0);
    csign_write_u64(writer, in->message_id);
    csign_write_u32(writer, in->process_id);
    csign_write_u32(writer, in->tree_id);
    csign_write_u64(writer, in->session_id);
    csign_write(writer, in->signature, sizeof in->signature);
}
