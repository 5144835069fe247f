/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE request (MS-SMB2 2.2.3). Its last eight fixed bytes are NegotiateContextOffset, -Count and Reserved2
   when 3.1.1 is among the dialects, and ClientStartTime otherwise. */
#include <string.h>

#include "../octets.h"
#include "contexts.h"
#include "negotiate_header.h"
#include "u16_list.h"

enum {
    REQUEST_STRUCTURE_SIZE = 36,
    STRUCTURE_SIZE = 64,
    DIALECT_COUNT = 64 + 2,
    SECURITY_MODE = 64 + 4,
    RESERVED = 64 + 6,
    CAPABILITIES = 64 + 8,
    CLIENT_GUID = 64 + 12,
    CONTEXT_OFFSET = 64 + 28,
    CLIENT_START_TIME = CONTEXT_OFFSET,
    CONTEXT_COUNT = 64 + 32,
    RESERVED2 = 64 + 34,
    DIALECTS = 64 + 36
};

static csign_status parse(csign_negotiate_request *out, csign_bytes message)
{
    csign_status status = csign_negotiate_header_parse(&out->header, message, DIALECTS - 64, REQUEST_STRUCTURE_SIZE);
    if (status != CSIGN_OK) {
        return status;
    }
    if ((out->header.flags & CSIGN_FLAG_SIGNED) != 0) {
        return CSIGN_MALFORMED;
    }
    const uint8_t *p = message.data;
    out->dialects.data = p + DIALECTS;
    out->dialects.count = csign_load_le16(p + DIALECT_COUNT);
    if (out->dialects.count == 0) {
        return CSIGN_MALFORMED;
    }
    if (out->dialects.count > (message.len - DIALECTS) / 2) {
        return CSIGN_TRUNCATED;
    }
    out->security_mode = csign_load_le16(p + SECURITY_MODE);
    out->capabilities = csign_load_le32(p + CAPABILITIES);
    memcpy(out->client_guid, p + CLIENT_GUID, sizeof out->client_guid);
    if (!csign_u16_contains(out->dialects, CSIGN_SMB_3_1_1)) {
        out->client_start_time = csign_load_le64(p + CLIENT_START_TIME);
        return CSIGN_OK;
    }
    csign_context_area area = {
        .response = false,
        .offset = csign_load_le32(p + CONTEXT_OFFSET),
        .count = csign_load_le16(p + CONTEXT_COUNT),
        .earliest = DIALECTS + 2 * out->dialects.count,
    };
    csign_contexts_parse(&out->contexts, message, &area);
    return CSIGN_OK;
}

csign_status csign_negotiate_request_parse(csign_negotiate_request *out, csign_bytes message)
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

static void encode(csign_writer *writer, const csign_negotiate_request *in)
{
    const uint16_t contexts = csign_contexts_count(&in->contexts);
    const size_t dialects_end = DIALECTS + 2 * in->dialects.count;
    uint8_t fixed[DIALECTS];
    csign_negotiate_header_encode(fixed, &in->header, false);
    csign_store_le16(fixed + STRUCTURE_SIZE, REQUEST_STRUCTURE_SIZE);
    csign_store_le16(fixed + DIALECT_COUNT, (uint16_t)in->dialects.count);
    csign_store_le16(fixed + SECURITY_MODE, in->security_mode);
    csign_store_le16(fixed + RESERVED, 0);
    csign_store_le32(fixed + CAPABILITIES, in->capabilities);
    memcpy(fixed + CLIENT_GUID, in->client_guid, sizeof in->client_guid);
    if (contexts != 0) {
        csign_store_le32(fixed + CONTEXT_OFFSET, (uint32_t)(dialects_end + (8 - dialects_end % 8) % 8));
        csign_store_le16(fixed + CONTEXT_COUNT, contexts);
        csign_store_le16(fixed + RESERVED2, 0);
    } else {
        csign_store_le64(fixed + CLIENT_START_TIME, in->client_start_time);
    }
    csign_write(writer, fixed, sizeof fixed);
    csign_write(writer, in->dialects.data, 2 * in->dialects.count);
    csign_contexts_encode(writer, &in->contexts);
}

static bool encodable(const csign_negotiate_request *in)
{
    if (in->dialects.data == NULL || in->dialects.count == 0 || in->dialects.count > 65535) {
        return false;
    }
    if (!csign_contexts_encodable(&in->contexts, false)) {
        return false;
    }
    if (csign_u16_contains(in->dialects, CSIGN_SMB_3_1_1)) {
        return in->has_preauth && in->client_start_time == 0;
    }
    return csign_contexts_count(&in->contexts) == 0;
}

csign_status csign_negotiate_request_encode(uint8_t *out, size_t capacity, size_t *out_len,
                                            const csign_negotiate_request *in)
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
