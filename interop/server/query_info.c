/* SPDX-License-Identifier: Apache-2.0 */
/* QUERY_INFO (MS-SMB2 3.3.5.20): which kind, and how much of it fits. */
#include <string.h>

#include "info.h"
#include "max_io.h"
#include "octets.h"
#include "query.h"
#include "security.h"

#define INFO_FILE 1u
#define INFO_FILESYSTEM 2u
#define INFO_SECURITY 3u

static uint32_t query_security(const struct open *open, uint32_t wanted, struct query *out)
{
    if (!(open->access & READ_CONTROL))
        return STATUS_ACCESS_DENIED;
    out->len = out->fixed = security_lay(out->data, open->node, wanted);
    return STATUS_SUCCESS;
}

/* MS-SMB2 2.2.2.1: a buffer that is too small for a descriptor is told how much it takes. */
static uint32_t too_small(struct request *request, size_t needed)
{
    uint8_t *body = reply(request, 12);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le16(body, 9);
    store_le32(body + 4, 4);
    store_le32(body + 8, (uint32_t)needed);
    return STATUS_BUFFER_TOO_SMALL;
}

uint32_t serve_query_info(struct request *request)
{
    uint32_t status, most = load_le32(request->body + 4);
    uint8_t type = request->body[2], class = request->body[3];
    struct open *open = request_open(request, request->body + 24, &status);
    if (!open)
        return status;
    csign_bytes input;
    size_t input_len = load_le32(request->body + 12);
    if (most > MAX_TRANSACT || !request_affords(request, most > input_len ? most : input_len) ||
        !request_buffer(request, load_le16(request->body + 8), input_len, &input))
        return STATUS_INVALID_PARAMETER;
    struct query query;
    query_clear(&query);
    if (type == INFO_FILE)
        status = query_file(open, class, &query);
    else if (type == INFO_FILESYSTEM)
        status = query_filesystem(open, class, &query);
    else if (type == INFO_SECURITY)
        status = query_security(open, load_le32(request->body + 16), &query);
    else
        status = STATUS_INVALID_PARAMETER;
    if (status)
        return status;
    if (type == INFO_SECURITY && most < query.len)
        return too_small(request, query.len);
    if (most < query.fixed)
        return STATUS_INFO_LENGTH_MISMATCH;
    size_t len = query.len < most ? query.len : most;
    uint8_t *body = reply(request, 8 + len);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le16(body, 9);
    store_le16(body + 2, CSIGN_HEADER_LEN + 8);
    store_le32(body + 4, (uint32_t)len);
    memcpy(body + 8, query.data, len);
    return len < query.len ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}
