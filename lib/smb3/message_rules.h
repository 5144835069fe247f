/* SPDX-License-Identifier: Apache-2.0 */
/* Which messages are signed, which never, and which must not be (MS-SMB2 3.1.4.1, 3.1.5.1, 3.2.5.1.3, 3.3.4.1.1). An attacker chooses
   every header field, so the exceptions are as narrow as peers allow, and everything else with SIGNED set is checked. Inline, and from
   the header's fields where they stand: this is done for every message, and of a short one it is half the work. */
#ifndef COUNTERSIGN_SMB3_MESSAGE_RULES_H
#define COUNTERSIGN_SMB3_MESSAGE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../include/countersign/status.h"
#include "../include/countersign/types.h"
#include "../octets.h"
#include "../wire/header.h"

#define STATUS_PENDING 0x00000103u
#define MESSAGE_ID_UNSOLICITED UINT64_MAX

static inline bool well_formed(const uint8_t *header, size_t len)
{
    const uint32_t next = csign_load_le32(header + HEADER_NEXT_COMMAND);
    return csign_load_le32(header) == HEADER_PROTOCOL_ID &&
           csign_load_le16(header + HEADER_STRUCTURE_SIZE) == CSIGN_HEADER_LEN && (next == 0 || next == len);
}

static inline uint32_t flags_of(const uint8_t *header)
{
    return csign_load_le32(header + HEADER_FLAGS);
}

static inline unsigned command_of(const uint8_t *header)
{
    return csign_load_le16(header + HEADER_COMMAND);
}

static inline uint64_t session_of(const uint8_t *header)
{
    return csign_load_le64(header + HEADER_SESSION_ID);
}

static inline uint64_t message_id_of(const uint8_t *header)
{
    return csign_load_le64(header + HEADER_MESSAGE_ID);
}

static inline bool from_server(const uint8_t *header)
{
    return (flags_of(header) & CSIGN_FLAG_SERVER_TO_REDIR) != 0;
}

/* In a request those four bytes are ChannelSequence and Reserved, never a status. */
static inline bool interim(const uint8_t *header)
{
    return from_server(header) && csign_load_le32(header + HEADER_STATUS) == STATUS_PENDING;
}

static inline bool never_signed(const uint8_t *header)
{
    const bool is_signed = (flags_of(header) & CSIGN_FLAG_SIGNED) != 0;
    const unsigned command = command_of(header);
    if (interim(header)) {
        return true;
    }
    if (from_server(header) && command == CSIGN_COMMAND_OPLOCK_BREAK &&
        message_id_of(header) == MESSAGE_ID_UNSOLICITED && session_of(header) == 0) {
        return true;
    }
    if (command == CSIGN_COMMAND_NEGOTIATE && !is_signed) {
        return true;
    }
    if ((command == CSIGN_COMMAND_SESSION_SETUP || command == CSIGN_COMMAND_ECHO) && session_of(header) == 0 &&
        !is_signed) {
        return true;
    }
    return false;
}

/* csign_message_verifiable: CSIGN_OK: its signature counts; CSIGN_MALFORMED; CSIGN_NOT_SIGNED_BY_RULE: whatever it carries is
   unauthenticated; CSIGN_NOT_SIGNED. */
static inline csign_status csign_message_verifiable(const uint8_t header[64], size_t len)
{
    if (!well_formed(header, len)) {
        return CSIGN_MALFORMED;
    }
    if (never_signed(header)) {
        return CSIGN_NOT_SIGNED_BY_RULE;
    }
    return (flags_of(header) & CSIGN_FLAG_SIGNED) != 0 ? CSIGN_OK : CSIGN_NOT_SIGNED;
}

/* csign_message_signable says of the header of an element of len bytes, 64 or more: CSIGN_OK; CSIGN_MALFORMED (ProtocolId,
   StructureSize, or a NextCommand that is neither 0 nor exactly len); CSIGN_NOT_SIGNED_BY_RULE; CSIGN_NONCE_FORBIDDEN. */
static inline csign_status csign_message_signable(const uint8_t header[64], size_t len,
                                                  csign_signing_algorithm algorithm)
{
    const unsigned command = command_of(header);
    const uint64_t message_id = message_id_of(header);
    if (!well_formed(header, len)) {
        return CSIGN_MALFORMED;
    }
    if (command == CSIGN_COMMAND_NEGOTIATE) {
        return CSIGN_NOT_SIGNED_BY_RULE;
    }
    if (session_of(header) == 0) {
        return CSIGN_NOT_SIGNED_BY_RULE;
    }
    if (command == CSIGN_COMMAND_CANCEL && from_server(header)) {
        return CSIGN_NOT_SIGNED_BY_RULE;
    }
    /* Its final response has the same MessageId, and so would have the same nonce. */
    if (interim(header)) {
        return CSIGN_NONCE_FORBIDDEN;
    }
    if (message_id == MESSAGE_ID_UNSOLICITED) {
        return CSIGN_NONCE_FORBIDDEN;
    }
    if (message_id == 0) {
        /* Samba's client sends CANCEL with MessageId 0 where no nonce depends on it. */
        const bool cancel = command == CSIGN_COMMAND_CANCEL;
        return cancel && algorithm != CSIGN_AES_GMAC ? CSIGN_OK : CSIGN_NONCE_FORBIDDEN;
    }
    return CSIGN_OK;
}

#endif
