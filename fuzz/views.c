/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of parsed NEGOTIATE messages: values are the message's bytes, views lie inside it. */
#include "views.h"

#include "context_model.h"

csign_bytes views_of_list(csign_u16_list list)
{
    return (csign_bytes){list.data, 2 * list.count};
}

bool views_equal_bytes(csign_bytes a, csign_bytes b)
{
    return a.len == b.len && (!a.len || !memcmp(a.data, b.data, a.len));
}

void views_check_inside(csign_bytes view, csign_bytes message, size_t from)
{
    uintptr_t start = (uintptr_t)view.data, base = (uintptr_t)message.data;
    CHECK(!view.len || (start >= base + from && start <= base + message.len && view.len <= base + message.len - start),
          "views lie inside the message, behind its fixed part");
}

void views_check_header(const csign_header *h, csign_bytes message)
{
    const uint8_t *m = message.data;
    CHECK(message.len >= 64, "a message shorter than a header is refused");
    CHECK(h->protocol_id == fuzz_le(m, 4) && h->structure_size == fuzz_le(m + 4, 2) &&
              h->credit_charge == fuzz_le(m + 6, 2) && h->status == fuzz_le(m + 8, 4) &&
              h->command == fuzz_le(m + 12, 2) && h->credits == fuzz_le(m + 14, 2) && h->flags == fuzz_le(m + 16, 4) &&
              h->next_command == fuzz_le(m + 20, 4) && h->message_id == fuzz_le64(m + 24) &&
              h->async_id == fuzz_le64(m + 32) && h->process_id == fuzz_le(m + 32, 4) &&
              h->tree_id == fuzz_le(m + 36, 4) && h->session_id == fuzz_le64(m + 40) &&
              !memcmp(h->signature, m + 48, 16),
          "header fields are the bytes of MS-SMB2 2.2.1");
    CHECK(h->protocol_id == 0x424D53FE && h->structure_size == 64, "ProtocolId and StructureSize are right");
}

void views_check_no_contexts(const csign_negotiate_contexts *c)
{
    CHECK(fuzz_all(c, sizeof *c, 0), "without 3.1.1 no context is read");
}

/* A context that is there has its view exactly where the naive reading finds it; one that is not has none. */
static void check_list(bool has, csign_u16_list list, const model_context *m, size_t skip, const char *property)
{
    if (!has) {
        CHECK(!list.count, "an absent context has no view");
        return;
    }
    CHECK(m->count >= 1 && m->data.len >= skip, property);
    CHECK(list.count == fuzz_le(m->data.data, 2) && (!list.count || list.data == m->data.data + skip), property);
}

static void check_view(bool has, csign_bytes view, csign_bytes expected, const char *property)
{
    CHECK(view.len == (has ? expected.len : 0) && (!view.len || view.data == expected.data), property);
}

static void check_values(const csign_negotiate_contexts *c, const model_contexts *m)
{
    check_list(c->has_preauth, c->preauth_hashes, &m->preauth, 4, "HashAlgorithms are those of the context");
    check_list(c->has_encryption, c->ciphers, &m->encryption, 2, "Ciphers are those of the context");
    check_list(c->has_compression, c->compression_algorithms, &m->compression, 8,
               "CompressionAlgorithms are those of the context");
    check_list(c->has_rdma, c->rdma_transforms, &m->rdma, 8, "RDMATransformIds are those of the context");
    check_list(c->has_signing, c->signing_algorithms, &m->signing, 2, "SigningAlgorithms are those of the context");
    if (c->has_preauth) {
        const uint8_t *d = m->preauth.data.data;
        csign_bytes salt = {d + 4 + 2 * c->preauth_hashes.count, fuzz_le(d + 2, 2)};
        check_view(true, c->preauth_salt, salt, "Salt is that of the context");
    } else {
        CHECK(!c->preauth_salt.len, "an absent context has no view");
    }
    check_view(c->has_netname, c->netname, m->netname.data, "NetName is the context's data");
    check_view(c->has_posix, c->posix, m->posix.data, "POSIX is the context's data");
    CHECK(!c->has_compression || c->compression_flags == fuzz_le(m->compression.data.data + 4, 4), "compression Flags");
    CHECK(!c->has_transport || (m->transport.data.len == 4 && c->transport_flags == fuzz_le(m->transport.data.data, 4)),
          "TRANSPORT is exactly its four bytes of flags");
}

void views_check_contexts(const csign_negotiate_contexts *c, csign_bytes message, size_t offset, size_t count,
                          size_t from, bool response)
{
    views_check_inside(views_of_list(c->preauth_hashes), message, from);
    views_check_inside(c->preauth_salt, message, from);
    views_check_inside(views_of_list(c->ciphers), message, from);
    views_check_inside(views_of_list(c->compression_algorithms), message, from);
    views_check_inside(c->netname, message, from);
    views_check_inside(views_of_list(c->rdma_transforms), message, from);
    views_check_inside(views_of_list(c->signing_algorithms), message, from);
    views_check_inside(c->posix, message, from);
    CHECK(c->contexts_status == CSIGN_OK
              ? c->contexts_error_offset == 0
              : c->contexts_error_offset == offset || c->contexts_error_offset < message.len + 8,
          "a context error is where a context begins or would have begun");

    model_contexts m;
    bool sound = model_read_contexts(&m, message, offset, count, from, response);
    CHECK((c->contexts_status == CSIGN_OK) == (sound && model_acceptable(&m, response)),
          "contexts_status is OK if and only if the contexts are acceptable");
    if (sound)
        check_values(c, &m);
    if (c->contexts_status != CSIGN_OK)
        return;
    CHECK(c->has_preauth && c->has_encryption == (m.encryption.count > 0) && c->has_signing == (m.signing.count > 0),
          "the contexts that are there are reported");
    CHECK(c->has_compression == (m.compression.count > 0 && c->compression_status == CSIGN_OK) &&
              c->has_transport == (m.transport.count > 0 && c->transport_status == CSIGN_OK) &&
              c->has_rdma == (m.rdma.count > 0 && c->rdma_status == CSIGN_OK),
          "an optional context is there, or its status says why not");
}

static void outcome_view(bool has, csign_bytes view)
{
    fuzz_outcome_number(has);
    fuzz_outcome(view.data, view.len);
}

void views_outcome(const csign_negotiate_contexts *c)
{
    fuzz_outcome_number(c->contexts_status);
    fuzz_outcome_number(c->contexts_error_offset);
    outcome_view(c->has_preauth, views_of_list(c->preauth_hashes));
    outcome_view(c->has_preauth, c->preauth_salt);
    outcome_view(c->has_encryption, views_of_list(c->ciphers));
    outcome_view(c->has_compression, views_of_list(c->compression_algorithms));
    outcome_view(c->has_netname, c->netname);
    outcome_view(c->has_rdma, views_of_list(c->rdma_transforms));
    outcome_view(c->has_signing, views_of_list(c->signing_algorithms));
    outcome_view(c->has_posix, c->posix);
    fuzz_outcome_number(c->has_transport);
    fuzz_outcome_number((uint64_t)c->compression_flags << 32 | c->transport_flags);
    fuzz_outcome_number((uint64_t)c->compression_status << 16 | (uint64_t)c->transport_status << 8 |
                        (uint64_t)c->rdma_status);
}

bool views_equal(const csign_negotiate_contexts *a, const csign_negotiate_contexts *b)
{
    return a->contexts_status == b->contexts_status && a->contexts_error_offset == b->contexts_error_offset &&
           a->has_preauth == b->has_preauth && a->has_encryption == b->has_encryption &&
           a->has_compression == b->has_compression && a->has_netname == b->has_netname &&
           a->has_transport == b->has_transport && a->has_rdma == b->has_rdma && a->has_signing == b->has_signing &&
           a->has_posix == b->has_posix && a->compression_status == b->compression_status &&
           a->transport_status == b->transport_status && a->rdma_status == b->rdma_status &&
           a->compression_flags == b->compression_flags && a->transport_flags == b->transport_flags &&
           views_equal_bytes(views_of_list(a->preauth_hashes), views_of_list(b->preauth_hashes)) &&
           views_equal_bytes(a->preauth_salt, b->preauth_salt) &&
           views_equal_bytes(views_of_list(a->ciphers), views_of_list(b->ciphers)) &&
           views_equal_bytes(views_of_list(a->compression_algorithms), views_of_list(b->compression_algorithms)) &&
           views_equal_bytes(a->netname, b->netname) &&
           views_equal_bytes(views_of_list(a->rdma_transforms), views_of_list(b->rdma_transforms)) &&
           views_equal_bytes(views_of_list(a->signing_algorithms), views_of_list(b->signing_algorithms)) &&
           views_equal_bytes(a->posix, b->posix);
}
