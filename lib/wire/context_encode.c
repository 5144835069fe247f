/* SPDX-License-Identifier: Apache-2.0 */
/* Writing negotiate contexts (MS-SMB2 2.2.3.1): ascending by type, padded to 8 between each other and never behind the
   last, which old Samba rejects. */
#include "contexts.h"

enum { DATA_LENGTH_MAX = 65535 };

/* Whether a list with its count and fixed part fits DataLength, and a parser would take it. */
static bool list_ok(csign_u16_list list, size_t fixed_len, bool only_one)
{
    if (list.data == NULL || list.count == 0 || list.count > (DATA_LENGTH_MAX - fixed_len) / 2) {
        return false;
    }
    return !only_one || list.count == 1;
}

static bool view_ok(csign_bytes view, size_t max)
{
    return view.len <= max && (view.data != NULL || view.len == 0);
}

bool csign_contexts_encodable(const csign_negotiate_contexts *in, bool response)
{
    if (in->contexts_status != CSIGN_OK) {
        return false;
    }
    if (in->has_preauth && (!list_ok(in->preauth_hashes, 4, response) ||
                            !view_ok(in->preauth_salt, DATA_LENGTH_MAX - 4 - 2 * in->preauth_hashes.count))) {
        return false;
    }
    if (in->has_encryption && !list_ok(in->ciphers, 2, response)) {
        return false;
    }
    if (in->has_compression && !list_ok(in->compression_algorithms, 8, false)) {
        return false;
    }
    if (in->has_netname && !view_ok(in->netname, DATA_LENGTH_MAX)) {
        return false;
    }
    if (in->has_rdma && !list_ok(in->rdma_transforms, 8, false)) {
        return false;
    }
    if (in->has_signing && !list_ok(in->signing_algorithms, 2, response)) {
        return false;
    }
    return !in->has_posix || (view_ok(in->posix, DATA_LENGTH_MAX) && in->posix.len % 16 == 0);
}

uint16_t csign_contexts_count(const csign_negotiate_contexts *in)
{
    return (uint16_t)(in->has_preauth + in->has_encryption + in->has_compression + in->has_netname + in->has_transport +
                      in->has_rdma + in->has_signing + in->has_posix);
}

/* One of the 16-bit fields that are written several at once; csign_contexts_encodable has seen that it fits. */
static uint64_t u16(size_t field)
{
    return (uint16_t)field;
}

static void context_header(csign_writer *writer, uint16_t type, size_t data_len)
{
    csign_write_pad8(writer);
    csign_write_u64(writer, u16(type) | u16(data_len) << 16); /* and Reserved */
}

static void preauth(csign_writer *writer, const csign_negotiate_contexts *in)
{
    context_header(writer, CSIGN_CONTEXT_PREAUTH_INTEGRITY, 4 + 2 * in->preauth_hashes.count + in->preauth_salt.len);
    csign_write_u32(writer, (uint32_t)(u16(in->preauth_hashes.count) | u16(in->preauth_salt.len) << 16));
    csign_write(writer, in->preauth_hashes.data, 2 * in->preauth_hashes.count);
    csign_write(writer, in->preauth_salt.data, in->preauth_salt.len);
}

/* ENCRYPTION and SIGNING: a count and its ids. */
static void plain_list(csign_writer *writer, uint16_t type, csign_u16_list list)
{
    context_header(writer, type, 2 + 2 * list.count);
    csign_write_u16(writer, (uint16_t)list.count);
    csign_write(writer, list.data, 2 * list.count);
}

/* COMPRESSION (flags) and RDMA_TRANSFORM (reserved): a count, two bytes of zero, four bytes, the ids. */
static void wide_list(csign_writer *writer, uint16_t type, csign_u16_list list, uint32_t flags)
{
    context_header(writer, type, 8 + 2 * list.count);
    csign_write_u64(writer, u16(list.count) | (uint64_t)flags << 32);
    csign_write(writer, list.data, 2 * list.count);
}

static void view(csign_writer *writer, uint16_t type, csign_bytes data)
{
    context_header(writer, type, data.len);
    csign_write(writer, data.data, data.len);
}

void csign_contexts_encode(csign_writer *writer, const csign_negotiate_contexts *in)
{
    if (in->has_preauth) {
        preauth(writer, in);
    }
    if (in->has_encryption) {
        plain_list(writer, CSIGN_CONTEXT_ENCRYPTION, in->ciphers);
    }
    if (in->has_compression) {
        wide_list(writer, CSIGN_CONTEXT_COMPRESSION, in->compression_algorithms, in->compression_flags);
    }
    if (in->has_netname) {
        view(writer, CSIGN_CONTEXT_NETNAME, in->netname);
    }
    if (in->has_transport) {
        context_header(writer, CSIGN_CONTEXT_TRANSPORT, 4);
        csign_write_u32(writer, in->transport_flags);
    }
    if (in->has_rdma) {
        wide_list(writer, CSIGN_CONTEXT_RDMA_TRANSFORM, in->rdma_transforms, 0);
    }
    if (in->has_signing) {
        plain_list(writer, CSIGN_CONTEXT_SIGNING, in->signing_algorithms);
    }
    if (in->has_posix) {
        view(writer, CSIGN_CONTEXT_POSIX, in->posix);
    }
}
