/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE response (MS-SMB2 2.2.4). Unless the dialect is 3.1.1 its context fields are reserved: never read. */
#include <string.h>

#include "../octets.h"
#include "contexts.h"
#include "negotiate_header.h"

enum {
    RESPONSE_STRUCTURE_SIZE = 65,
    STRUCTURE_SIZE = 64,
    SECURITY_MODE = 64 + 2,
    DIALECT_REVISION = 64 + 4,
    CONTEXT_COUNT = 64 + 6,
    SERVER_GUID = 64 + 8,
    CAPABILITIES = 64 + 24,
    MAX_TRANSACT_SIZE = 64 + 28,
    MAX_READ_SIZE = 64 + 32,
    MAX_WRITE_SIZE = 64 + 36,
    SYSTEM_TIME = 64 + 40,
    SERVER_START_TIME = 64 + 48,
    SECURITY_BUFFER_OFFSET = 64 + 56,
    SECURITY_BUFFER_LENGTH = 64 + 58,
    CONTEXT_OFFSET = 64 + 60,
    FIXED_LEN = 64 + 64
};

static csign_status parse(csign_negotiate_response *out, csign_bytes message)
{
    csign_status status = csign_negotiate_header_parse(&out->header, message, FIXED_LEN - 64, RESPONSE_STRUCTURE_SIZE);
    if (status != CSIGN_OK) {
        return status;
    }
    const uint8_t *p = message.data;
    csign_context_area area = {
        .response = true,
        .offset = csign_load_le32(p + CONTEXT_OFFSET),
        .count = csign_load_le16(p + CONTEXT_COUNT),
        .earliest = FIXED_LEN,
        .security_offset = csign_load_le16(p + SECURITY_BUFFER_OFFSET),
        .security_len = csign_load_le16(p + SECURITY_BUFFER_LENGTH),
    };
    if (area.security_len != 0) {
        if (area.security_offset < FIXED_LEN) {
            return CSIGN_MALFORMED;
        }
        if (area.security_offset > message.len || area.security_len > message.len - area.security_offset) {
            return CSIGN_TRUNCATED;
        }
        out->security_buffer.data = p + area.security_offset;
        out->security_buffer.len = area.security_len;
    }
    out->security_mode = csign_load_le16(p + SECURITY_MODE);
    out->dialect = csign_load_le16(p + DIALECT_REVISION);
    memcpy(out->server_guid, p + SERVER_GUID, sizeof out->server_guid);
    out->capabilities = csign_load_le32(p + CAPABILITIES);
    out->max_transact_size = csign_load_le32(p + MAX_TRANSACT_SIZE);
    out->max_read_size = csign_load_le32(p + MAX_READ_SIZE);
    out->max_write_size = csign_load_le32(p + MAX_WRITE_SIZE);
    out->system_time = csign_load_le64(p + SYSTEM_TIME);
    out->server_start_time = csign_load_le64(p + SERVER_START_TIME);
    if (out->dialect == CSIGN_SMB_3_1_1) {
        csign_contexts_parse(&out->contexts, message, &area);
    }
    return CSIGN_OK;
}

csign_status csign_negotiate_response_parse(csign_negotiate_response *out, csign_bytes message)
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(out, 0, sizeof *out);
    csign_status status = parse(out, message);
    if (status != CSIGN_OK) {
        memset(out, 0, sizeof *out);
    }
    return status;
}

static void encode(csign_writer *writer, const csign_negotiate_response *in)
{
    const uint16_t contexts = csign_contexts_count(&in->contexts);
    const size_t security_end = FIXED_LEN + in->security_buffer.len;
    uint8_t fixed[FIXED_LEN];
    csign_negotiate_header_encode(fixed, &in->header, true);
    csign_store_le16(fixed + STRUCTURE_SIZE, RESPONSE_STRUCTURE_SIZE);
    csign_store_le16(fixed + SECURITY_MODE, in->security_mode);
    csign_store_le16(fixed + DIALECT_REVISION, in->dialect);
    csign_store_le16(fixed + CONTEXT_COUNT, contexts);
    memcpy(fixed + SERVER_GUID, in->server_guid, sizeof in->server_guid);
    csign_store_le32(fixed + CAPABILITIES, in->capabilities);
    csign_store_le32(fixed + MAX_TRANSACT_SIZE, in->max_transact_size);
    csign_store_le32(fixed + MAX_READ_SIZE, in->max_read_size);
    csign_store_le32(fixed + MAX_WRITE_SIZE, in->max_write_size);
    csign_store_le64(fixed + SYSTEM_TIME, in->system_time);
    csign_store_le64(fixed + SERVER_START_TIME, in->server_start_time);
    csign_store_le16(fixed + SECURITY_BUFFER_OFFSET, in->security_buffer.len == 0 ? 0 : FIXED_LEN);
    csign_store_le16(fixed + SECURITY_BUFFER_LENGTH, (uint16_t)in->security_buffer.len);
    csign_store_le32(fixed + CONTEXT_OFFSET, contexts == 0 ? 0 : (uint32_t)(security_end + (8 - security_end % 8) % 8));
    csign_write(writer, fixed, sizeof fixed);
    csign_write(writer, in->security_buffer.data, in->security_buffer.len);
    csign_contexts_encode(writer, &in->contexts);
}

static bool encodable(const csign_negotiate_response *in)
{
    if (in->security_buffer.len > 65535 || (in->security_buffer.data == NULL && in->security_buffer.len != 0)) {
        return false;
    }
    if (!csign_contexts_encodable(&in->contexts, true)) {
        return false;
    }
    if (in->dialect == CSIGN_SMB_3_1_1) {
        return in->has_preauth;
    }
    return csign_contexts_count(&in->contexts) == 0;
}

csign_status csign_negotiate_response_encode(uint8_t *out, size_t capacity, size_t *out_len,
                                             const csign_negotiate_response *in)
{
    if (out_len == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    *out_len = 0;
    if (in == NULL || (out == NULL && capacity != 0) || !encodable(in)) {
        return CSIGN_BAD_ARGUMENT;
    }
    csign_writer size = {NULL, 0, 0};
    encode(&size, in);
    *out_len = size.len;
    if (size.len > capacity) {
        return CSIGN_NO_SPACE;
    }
    csign_writer writer = {out, capacity, 0};
    encode(&writer, in);
    return CSIGN_OK;
}
