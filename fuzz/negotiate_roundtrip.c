/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing and encoding belong together: what was parsed without complaint can be encoded; that message is canonical (parsing and
   encoding it again gives the same bytes) and says the same; encoders fill exactly the size they announce and write
   nothing when refused; with any one defect (refusals.h) they refuse. The input is a message, read as a request and as a response. */
#include <stdlib.h>

#include "refusals.h"
#include "views.h"

typedef csign_status (*encoder)(uint8_t *out, size_t capacity, size_t *out_len, const void *in);

static csign_status encode_request(uint8_t *out, size_t capacity, size_t *out_len, const void *in)
{
    return csign_negotiate_request_encode(out, capacity, out_len, in);
}

static csign_status encode_response(uint8_t *out, size_t capacity, size_t *out_len, const void *in)
{
    return csign_negotiate_response_encode(out, capacity, out_len, in);
}

/* Encodes *in into a heap block of exactly the size it needs; the caller frees it. */
static csign_bytes encode(encoder encoder, const void *in)
{
    size_t need = 0, len = 0;
    CHECK(encoder(NULL, 0, &need, in) == CSIGN_NO_SPACE && need >= 100,
          "a parsed message can be encoded, and its size is told");
    uint8_t *out = malloc(need);
    if (!out)
        abort();
    memset(out, 0xA5, need);
    CHECK(encoder(out, need - 1, &len, in) == CSIGN_NO_SPACE && len == need, "one byte too little is no space");
    CHECK(fuzz_all(out, need, 0xA5), "an encoder that refuses writes nothing");
    CHECK(encoder(out, need, &len, in) == CSIGN_OK && len == need, "an encoder fills the size it announced");
    return (csign_bytes){out, len};
}

static void check_refused(encoder encoder, const void *in)
{
    uint8_t out[8] = {0};
    size_t len = 1;
    CHECK(encoder(out, sizeof out, &len, in) == CSIGN_BAD_ARGUMENT && !len && fuzz_all(out, sizeof out, 0),
          "what was parsed with a complaint is not encoded");
}

/* A complaint about an optional feature says that its context is not there; encoding leaves it out. */
static void forget_complaints(csign_negotiate_contexts *c)
{
    CHECK((c->compression_status == CSIGN_OK || !c->has_compression) &&
              (c->transport_status == CSIGN_OK || !c->has_transport) && (c->rdma_status == CSIGN_OK || !c->has_rdma),
          "a context with a complaint is not there");
    c->compression_status = c->transport_status = c->rdma_status = CSIGN_OK;
}

static bool same_header(const csign_header *a, const csign_header *b, uint32_t redir)
{
    return a->protocol_id == b->protocol_id && a->structure_size == b->structure_size &&
           a->credit_charge == b->credit_charge && a->status == b->status && a->command == b->command &&
           a->credits == b->credits && ((a->flags & ~UINT32_C(9)) | redir) == b->flags &&
           a->next_command == b->next_command && a->message_id == b->message_id && a->async_id == b->async_id &&
           a->process_id == b->process_id && a->tree_id == b->tree_id && a->session_id == b->session_id &&
           !memcmp(a->signature, b->signature, 16);
}

/* The canonical form: contexts ascending by type, from the first slot on, and no padding behind the last. */
static void check_canonical(csign_bytes m, size_t offset, size_t count, size_t fixed_end)
{
    size_t at = offset, end = fixed_end, type = 0;
    CHECK(!count || offset == (fixed_end + 7) / 8 * 8, "contexts begin in the first slot");
    for (size_t i = 0; i < count; i++, at = (end + 7) / 8 * 8) {
        CHECK(fuzz_all(m.data + end, at - end, 0), "padding is zero");
        CHECK(fuzz_le(m.data + at, 2) > type, "contexts ascend by type");
        CHECK(fuzz_le(m.data + at + 4, 4) == 0, "Reserved is zero");
        type = fuzz_le(m.data + at, 2);
        end = at + 8 + fuzz_le(m.data + at + 2, 2);
    }
    CHECK(end == m.len, "nothing stands behind the last context");
}

static void check_again(encoder encoder, const void *parsed, csign_bytes first)
{
    csign_bytes second = encode(encoder, parsed);
    CHECK(views_equal_bytes(first, second), "encoding what was encoded gives the same bytes");
    fuzz_outcome(first.data, first.len);
    free((void *)(uintptr_t)second.data);
}

static void request(csign_bytes message)
{
    csign_negotiate_request r, s;
    if (csign_negotiate_request_parse(&r, message) != CSIGN_OK)
        return;
    if (r.contexts_status != CSIGN_OK) {
        check_refused(encode_request, &r);
        return;
    }
    csign_bytes e = encode(encode_request, &r);
    forget_complaints(&r.contexts);
    CHECK(csign_negotiate_request_parse(&s, e) == CSIGN_OK, "what was encoded can be parsed");
    CHECK(same_header(&r.header, &s.header, 0) && r.security_mode == s.security_mode &&
              r.capabilities == s.capabilities && !memcmp(r.client_guid, s.client_guid, 16) &&
              r.client_start_time == s.client_start_time &&
              views_equal_bytes(views_of_list(r.dialects), views_of_list(s.dialects)) &&
              views_equal(&r.contexts, &s.contexts),
          "a request means the same after encoding and parsing");
    check_canonical(e, fuzz_le(e.data + 92, 4), s.has_preauth ? fuzz_le(e.data + 96, 2) : 0,
                    100 + 2 * s.dialects.count);
    check_again(encode_request, &s, e);
    refusals_encode_request(&s);
    free((void *)(uintptr_t)e.data);
}

static void response(csign_bytes message)
{
    csign_negotiate_response r, s;
    if (csign_negotiate_response_parse(&r, message) != CSIGN_OK)
        return;
    if (r.contexts_status != CSIGN_OK) {
        check_refused(encode_response, &r);
        return;
    }
    CHECK(r.compression_status == CSIGN_OK && r.transport_status == CSIGN_OK && r.rdma_status == CSIGN_OK,
          "in a response a malformed optional context is an error");
    csign_bytes e = encode(encode_response, &r);
    CHECK(csign_negotiate_response_parse(&s, e) == CSIGN_OK, "what was encoded can be parsed");
    CHECK(same_header(&r.header, &s.header, 1) && r.security_mode == s.security_mode && r.dialect == s.dialect &&
              !memcmp(r.server_guid, s.server_guid, 16) && r.capabilities == s.capabilities &&
              r.max_transact_size == s.max_transact_size && r.max_read_size == s.max_read_size &&
              r.max_write_size == s.max_write_size && r.system_time == s.system_time &&
              r.server_start_time == s.server_start_time && views_equal_bytes(r.security_buffer, s.security_buffer) &&
              views_equal(&r.contexts, &s.contexts),
          "a response means the same after encoding and parsing");
    check_canonical(e, fuzz_le(e.data + 124, 4), fuzz_le(e.data + 70, 2), 128 + s.security_buffer.len);
    check_again(encode_response, &s, e);
    refusals_encode_response(&s);
    free((void *)(uintptr_t)e.data);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_too_short(size < 64 + 36); /* the fixed part of a request; a response's is longer */
    request((csign_bytes){input, size});
    response((csign_bytes){input, size});
}

const fuzz_target fuzz_this = {"negotiate_roundtrip", NULL, one};
