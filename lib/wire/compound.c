/* SPDX-License-Identifier: Apache-2.0 */
/* The walk through compounded messages (MS-SMB2 2.2.1, NextCommand; 3.3.5.2.7). The state is just the element that the
   caller holds: where the next one starts is read again from that element's own header. */
#include "header.h"

#include "../octets.h"

csign_status csign_compound_next(csign_bytes message, size_t *offset, size_t *len)
{
    if (offset == NULL || len == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    size_t at = *offset;
    size_t previous = *len;
    *len = 0;
    if (message.data == NULL && message.len != 0) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (at > message.len || previous > message.len - at) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (previous == 0 && at != 0) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (previous != 0) {
        if (previous < CSIGN_HEADER_LEN) {
            return CSIGN_BAD_ARGUMENT;
        }
        uint32_t next = csign_load_le32(message.data + at + HEADER_NEXT_COMMAND);
        if (next == 0) {
            return previous == message.len - at ? CSIGN_OK : CSIGN_BAD_ARGUMENT;
        }
        if (next != previous) {
            return CSIGN_BAD_ARGUMENT;
        }
        at += previous;
    }
    *offset = at;
    /* An empty message may be NULL, and NULL + 0 is undefined in C11. */
    csign_bytes rest = {at == 0 ? message.data : message.data + at, message.len - at};
    csign_header header;
    csign_status status = csign_header_parse(&header, rest);
    if (status != CSIGN_OK) {
        return status;
    }
    if (header.next_command == 0) {
        *len = rest.len;
        return CSIGN_OK;
    }
    if (header.next_command < CSIGN_HEADER_LEN || header.next_command % 8 != 0) {
        return CSIGN_MALFORMED;
    }
    if (header.next_command > rest.len) {
        return CSIGN_TRUNCATED;
    }
    *len = header.next_command;
    return CSIGN_OK;
}
