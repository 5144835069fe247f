/* SPDX-License-Identifier: Apache-2.0 */
/* The naive reading of negotiate contexts (MS-SMB2 2.2.3.1, 3.2.5.2, 3.3.5.4). */
#include "context_model.h"

#include "fuzz.h"

static model_context *of_type(model_contexts *m, uint32_t type)
{
    switch (type) {
    case 0x0001:
        return &m->preauth;
    case 0x0002:
        return &m->encryption;
    case 0x0003:
        return &m->compression;
    case 0x0005:
        return &m->netname;
    case 0x0006:
        return &m->transport;
    case 0x0007:
        return &m->rdma;
    case 0x0008:
        return &m->signing;
    case 0x0100:
        return &m->posix;
    default:
        return NULL;
    }
}

bool model_read_contexts(model_contexts *out, csign_bytes message, size_t offset, size_t count, size_t from,
                         bool response)
{
    memset(out, 0, sizeof *out);
    if (response) {
        out->security_begin = fuzz_le(message.data + 64 + 56, 2);
        out->security_end = out->security_begin + fuzz_le(message.data + 64 + 58, 2);
    }
    if (count && (offset < from || offset & 7))
        return false;
    for (size_t i = 0, at = offset; i < count; i++) {
        while (at & 7)
            at++;
        if (at + 8 > message.len)
            return false;
        const uint8_t *p = message.data + at;
        size_t len = fuzz_le(p + 2, 2);
        if (at + 8 + len > message.len)
            return false;
        model_context *c = of_type(out, fuzz_le(p, 2));
        if (c && c->count++ == 0)
            c->data = (csign_bytes){p + 8, len};
        if (out->security_end > out->security_begin && at < out->security_end && at + 8 + len > out->security_begin)
            out->over_security_buffer = true;
        at += 8 + len;
    }
    return true;
}

/* A u16 count of at least one, `fixed` bytes in all before the ids, and the ids. */
static bool list_sound(csign_bytes data, size_t fixed)
{
    return data.len >= fixed + 2 && fuzz_le(data.data, 2) >= 1 && fixed + 2 * (size_t)fuzz_le(data.data, 2) <= data.len;
}

static bool one_id(const model_context *c)
{
    return !c->count || fuzz_le(c->data.data, 2) == 1;
}

bool model_acceptable(const model_contexts *m, bool response)
{
    if (m->preauth.count != 1 || m->encryption.count > 1 || m->compression.count > 1 || m->transport.count > 1 ||
        m->rdma.count > 1 || m->signing.count > 1)
        return false;
    if (!list_sound(m->preauth.data, 4) || (m->encryption.count && !list_sound(m->encryption.data, 2)) ||
        (m->signing.count && !list_sound(m->signing.data, 2)) || m->posix.data.len % 16)
        return false;
    size_t preauth_len = 4 + 2 * (size_t)fuzz_le(m->preauth.data.data, 2) + fuzz_le(m->preauth.data.data + 2, 2);
    if (preauth_len > m->preauth.data.len)
        return false;
    if (!response)
        return true;
    return preauth_len == m->preauth.data.len && one_id(&m->preauth) && one_id(&m->encryption) && one_id(&m->signing) &&
           m->netname.count <= 1 && m->posix.count <= 1 && !m->over_security_buffer &&
           (!m->compression.count || list_sound(m->compression.data, 8)) &&
           (!m->rdma.count || list_sound(m->rdma.data, 8)) && (!m->transport.count || m->transport.data.len == 4);
}
