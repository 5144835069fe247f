/* SPDX-License-Identifier: Apache-2.0 */
/* The Data field of each negotiate context (MS-SMB2 2.2.3.1.1 to 2.2.3.1.7). What is longer than its counts say is
   accepted: Linux rounds DataLength up to 8 and nmap sends slack behind the salt. */
#include "contexts.h"

#include "../octets.h"

/* A list that begins with its u16 count and has its ids behind a fixed part of fixed_len bytes. */
static csign_status id_list(csign_u16_list *out, csign_bytes data, size_t fixed_len)
{
    if (data.len < fixed_len) {
        return CSIGN_TRUNCATED;
    }
    size_t count = csign_load_le16(data.data);
    if (count == 0) {
        return CSIGN_MALFORMED;
    }
    if (count > (data.len - fixed_len) / 2) {
        return CSIGN_TRUNCATED;
    }
    out->data = data.data + fixed_len;
    out->count = count;
    return CSIGN_OK;
}

csign_status csign_context_parse_preauth(csign_negotiate_contexts *out, csign_bytes data, bool response)
{
    enum { FIXED_LEN = 4, SALT_LENGTH = 2 };
    csign_u16_list hashes;
    csign_status status = id_list(&hashes, data, FIXED_LEN);
    if (status != CSIGN_OK) {
        return status;
    }
    size_t salt_offset = FIXED_LEN + 2 * hashes.count;
    size_t salt_len = csign_load_le16(data.data + SALT_LENGTH);
    if (salt_len > data.len - salt_offset) {
        return CSIGN_TRUNCATED;
    }
    if (response && hashes.count != 1) {
        return CSIGN_MALFORMED;
    }
    if (response && salt_len != data.len - salt_offset) {
        return CSIGN_MALFORMED;
    }
    out->has_preauth = true;
    out->preauth_hashes = hashes;
    out->preauth_salt.data = salt_len == 0 ? NULL : data.data + salt_offset;
    out->preauth_salt.len = salt_len;
    return CSIGN_OK;
}

csign_status csign_context_parse_encryption(csign_negotiate_contexts *out, csign_bytes data, bool response)
{
    csign_u16_list ciphers;
    csign_status status = id_list(&ciphers, data, 2);
    if (status != CSIGN_OK) {
        return status;
    }
    if (response && ciphers.count != 1) {
        return CSIGN_MALFORMED;
    }
    out->has_encryption = true;
    out->ciphers = ciphers;
    return CSIGN_OK;
}

csign_status csign_context_parse_compression(csign_negotiate_contexts *out, csign_bytes data)
{
    csign_u16_list algorithms;
    csign_status status = id_list(&algorithms, data, 8);
    if (status != CSIGN_OK) {
        return status;
    }
    out->has_compression = true;
    out->compression_algorithms = algorithms;
    out->compression_flags = csign_load_le32(data.data + 4);
    return CSIGN_OK;
}

csign_status csign_context_parse_netname(csign_negotiate_contexts *out, csign_bytes data)
{
    out->has_netname = true;
    out->netname = data;
    return CSIGN_OK;
}

csign_status csign_context_parse_transport(csign_negotiate_contexts *out, csign_bytes data)
{
    if (data.len < 4) {
        return CSIGN_TRUNCATED;
    }
    if (data.len > 4) {
        return CSIGN_MALFORMED;
    }
    out->has_transport = true;
    out->transport_flags = csign_load_le32(data.data);
    return CSIGN_OK;
}

csign_status csign_context_parse_rdma_transform(csign_negotiate_contexts *out, csign_bytes data)
{
    csign_u16_list transforms;
    csign_status status = id_list(&transforms, data, 8);
    if (status != CSIGN_OK) {
        return status;
    }
    out->has_rdma = true;
    out->rdma_transforms = transforms;
    return CSIGN_OK;
}

csign_status csign_context_parse_signing(csign_negotiate_contexts *out, csign_bytes data, bool response)
{
    csign_u16_list algorithms;
    csign_status status = id_list(&algorithms, data, 2);
    if (status != CSIGN_OK) {
        return status;
    }
    if (response && algorithms.count != 1) {
        return CSIGN_MALFORMED;
    }
    out->has_signing = true;
    out->signing_algorithms = algorithms;
    return CSIGN_OK;
}

csign_status csign_context_parse_posix(csign_negotiate_contexts *out, csign_bytes data)
{
    if (data.len % 16 != 0) {
        return CSIGN_MALFORMED;
    }
    out->has_posix = true;
    out->posix = data;
    return CSIGN_OK;
}
