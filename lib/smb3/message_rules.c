/* SPDX-License-Identifier: Apache-2.0 */
/* Which messages are signed: see message_rules.h. An attacker chooses every header field, so the exceptions are as
   narrow as peers allow, and everything else with SIGNED set is checked. */
#include "message_rules.h"

#define STATUS_PENDING 0x00000103u
#define MESSAGE_ID_UNSOLICITED UINT64_MAX

static bool from_server(const csign_header *header)
{
    return (header->flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0;
}

/* In a request those four bytes are ChannelSequence and Reserved, never a status. */
static bool interim(const csign_header *header)
{
    return from_server(header) && header->status == STATUS_PENDING;
}

csign_status csign_message_shape(csign_header *out, const uint8_t *header, size_t len)
{
    csign_bytes element = {header, len};
    csign_status status = csign_header_parse(out, element);
    if (status != CSIGN_OK) {
        return status;
    }
    if (out->next_command != 0 && out->next_command != len) {
        return CSIGN_MALFORMED;
    }
    return CSIGN_OK;
}

bool csign_message_never_signed(const csign_header *header)
{
    bool is_signed = (header->flags & CSIGN_FLAG_SIGNED) != 0;
    if (interim(header)) {
        return true;
    }
    if (from_server(header) && header->command == CSIGN_COMMAND_OPLOCK_BREAK &&
        header->message_id == MESSAGE_ID_UNSOLICITED && header->session_id == 0) {
        return true;
    }
    if (header->command == CSIGN_COMMAND_NEGOTIATE && !is_signed) {
        return true;
    }
    if ((header->command == CSIGN_COMMAND_SESSION_SETUP || header->command == CSIGN_COMMAND_ECHO) &&
        header->session_id == 0 && !is_signed) {
        return true;
    }
    return false;
}

csign_status csign_message_signable(const csign_header *header, csign_signing_algorithm algorithm)
{
    if (header->command == CSIGN_COMMAND_NEGOTIATE) {
        return CSIGN_NOT_SIGNED_BY_RULE;
    }
    if (header->session_id == 0) {
        return CSIGN_NOT_SIGNED_BY_RULE;
    }
    if (header->command == CSIGN_COMMAND_CANCEL && from_server(header)) {
        return CSIGN_NOT_SIGNED_BY_RULE;
    }
    /* Its final response has the same MessageId, and so would have the same nonce. */
    if (interim(header)) {
        return CSIGN_NONCE_FORBIDDEN;
    }
    if (header->message_id == MESSAGE_ID_UNSOLICITED) {
        return CSIGN_NONCE_FORBIDDEN;
    }
    if (header->message_id == 0) {
        /* Samba's client sends CANCEL with MessageId 0 where no nonce depends on it. */
        bool cancel = header->command == CSIGN_COMMAND_CANCEL;
        return cancel && algorithm != CSIGN_AES_GMAC ? CSIGN_OK : CSIGN_NONCE_FORBIDDEN;
    }
    return CSIGN_OK;
}
