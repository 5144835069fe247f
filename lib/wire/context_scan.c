/* SPDX-License-Identifier: Apache-2.0 */
/* The list of negotiate contexts in a message (MS-SMB2 2.2.3.1). Each context starts at a multiple of 8; the last
   carries no padding, what stands in the padding is ignored, and so are unknown types and bytes behind the last
   counted context. The scan goes on after an error inside one context, so that a reader sees the others, but the first
   error is the one reported. */
#include "contexts.h"

#include <string.h>

#include "../contract.h"
#include "../octets.h"

csign_status csign_context_at(csign_context *out, csign_bytes message, size_t offset)
{
    memset(out, 0, sizeof *out);
    if (offset > message.len || message.len - offset < CONTEXT_HEADER_LEN) {
        return CSIGN_TRUNCATED;
    }
    size_t data_offset = offset + CONTEXT_HEADER_LEN;
    size_t data_len = csign_load_le16(message.data + offset + 2);
    if (data_len > message.len - data_offset) {
        return CSIGN_TRUNCATED;
    }
    out->type = csign_load_le16(message.data + offset);
    out->data.data = data_len == 0 ? NULL : message.data + data_offset;
    out->data.len = data_len;
    return CSIGN_OK;
}

/* Sets bit type in *seen and says whether it was set. Known types are 1 to 8 and 0x100, which takes bit 0. */
static bool seen_before(uint32_t *seen, uint16_t type)
{
    uint32_t bit = (uint32_t)1 << (type & 31u);
    bool before = (*seen & bit) != 0;
    *seen |= bit;
    return before;
}

/* An optional feature's context: its own status in a request, any other error in a response, because the client asked
   for it. */
static csign_status optional(csign_status *own, csign_status status, bool response)
{
    *own = status;
    return response ? status : CSIGN_OK;
}

static csign_status parse_one(csign_negotiate_contexts *out, uint32_t *seen, const csign_context *context,
                              bool response)
{
    csign_bytes data = context->data;
    switch (context->type) {
    case CSIGN_CONTEXT_PREAUTH_INTEGRITY:
        return seen_before(seen, context->type) ? CSIGN_DUPLICATE_CONTEXT
                                                : csign_context_parse_preauth(out, data, response);
    case CSIGN_CONTEXT_ENCRYPTION:
        return seen_before(seen, context->type) ? CSIGN_DUPLICATE_CONTEXT
                                                : csign_context_parse_encryption(out, data, response);
    case CSIGN_CONTEXT_COMPRESSION:
        return seen_before(seen, context->type)
                   ? CSIGN_DUPLICATE_CONTEXT
                   : optional(&out->compression_status, csign_context_parse_compression(out, data), response);
    case CSIGN_CONTEXT_TRANSPORT:
        return seen_before(seen, context->type)
                   ? CSIGN_DUPLICATE_CONTEXT
                   : optional(&out->transport_status, csign_context_parse_transport(out, data), response);
    case CSIGN_CONTEXT_RDMA_TRANSFORM:
        return seen_before(seen, context->type)
                   ? CSIGN_DUPLICATE_CONTEXT
                   : optional(&out->rdma_status, csign_context_parse_rdma_transform(out, data), response);
    case CSIGN_CONTEXT_SIGNING:
        return seen_before(seen, context->type) ? CSIGN_DUPLICATE_CONTEXT
                                                : csign_context_parse_signing(out, data, response);
    /* MS-SMB2 names no error for a second one of these in a request: the first one counts. */
    case CSIGN_CONTEXT_NETNAME:
        if (seen_before(seen, context->type)) {
            return response ? CSIGN_DUPLICATE_CONTEXT : CSIGN_OK;
        }
        return csign_context_parse_netname(out, data);
    case CSIGN_CONTEXT_POSIX:
        if (seen_before(seen, context->type)) {
            return response ? CSIGN_DUPLICATE_CONTEXT : CSIGN_OK;
        }
        return csign_context_parse_posix(out, data);
    default:
        return CSIGN_OK;
    }
}

static void note(csign_negotiate_contexts *out, csign_status status, size_t offset)
{
    if (out->contexts_status == CSIGN_OK && status != CSIGN_OK) {
        out->contexts_status = status;
        out->contexts_error_offset = offset;
    }
}

static bool in_security_buffer(const csign_context_area *area, size_t begin, size_t end)
{
    return area->security_len != 0 && begin < area->security_offset + area->security_len && end > area->security_offset;
}

void csign_contexts_parse(csign_negotiate_contexts *out, csign_bytes message, const csign_context_area *area)
{
    uint32_t seen = 0;
    size_t offset = area->offset;
    if (area->count != 0 && offset < area->earliest) {
        note(out, CSIGN_MALFORMED, offset);
        return;
    }
    if (area->count != 0 && offset % 8 != 0) {
        note(out, CSIGN_MALFORMED, offset);
        return;
    }
    for (size_t i = 0; i < area->count; i++)
        CSIGN_LOOP((i, offset, seen, *out), i <= area->count, area->count - i)
        {
            csign_context context;
            csign_status status = csign_context_at(&context, message, offset);
            if (status != CSIGN_OK) {
                note(out, status, offset);
                return;
            }
            size_t end = offset + CONTEXT_HEADER_LEN + context.data.len;
            if (in_security_buffer(area, offset, end)) {
                note(out, CSIGN_MALFORMED, offset);
            }
            note(out, parse_one(out, &seen, &context, area->response), offset);
            offset = end + (8 - end % 8) % 8;
        }
    if (!out->has_preauth) {
        note(out, CSIGN_MISSING_CONTEXT, area->offset);
    }
}
