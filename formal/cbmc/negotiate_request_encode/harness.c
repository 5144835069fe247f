/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE request encoder, on anything a caller can hand it, into a buffer of any size. */
#include "proof.h"
#include "wire/u16_list.c"
#include "wire/context_encode.c"
#include "wire/negotiate_header.c"
#include "wire/negotiate_request.c"

#define COUNT_MAX 100000u /* more than any 16-bit field holds: the encoder must refuse */

/* In place of the writer, which the proof of that name is about: what it demands, and that it counts every byte. */
void csign_write(csign_writer *writer, const uint8_t *data, size_t len)
{
    CHECK(len == 0 || __CPROVER_r_ok(data, len));
    CHECK(writer->capacity == 0 || __CPROVER_w_ok(writer->out, writer->capacity));
    CHECK(writer->len <= MESSAGE_MAX && len <= MESSAGE_MAX);
    writer->len += len;
}

void csign_write_u16(csign_writer *writer, uint16_t value)
{
    writer->len += 2;
}

void csign_write_u32(csign_writer *writer, uint32_t value)
{
    writer->len += 4;
}

void csign_write_u64(csign_writer *writer, uint64_t value)
{
    writer->len += 8;
}

void csign_write_pad8(csign_writer *writer)
{
    writer->len += (8 - writer->len % 8) % 8;
}

/* Not proved here and not called: the encoders share their files with the parsers. */
csign_status csign_header_parse(csign_header *out, csign_bytes element)
{
    __CPROVER_assume(false);
    return CSIGN_OK;
}
void csign_contexts_parse(csign_negotiate_contexts *out, csign_bytes message, const csign_context_area *area)
{
}

static csign_u16_list any_list(void)
{
    csign_u16_list list;
    __CPROVER_assume(list.count <= COUNT_MAX);
    list.data = any_bytes(2 * list.count);
    return list;
}

static void any_contexts(csign_negotiate_contexts *c)
{
    c->preauth_hashes = any_list();
    c->preauth_salt = any_view(COUNT_MAX);
    c->ciphers = any_list();
    c->compression_algorithms = any_list();
    c->netname = any_view(COUNT_MAX);
    c->rdma_transforms = any_list();
    c->signing_algorithms = any_list();
    c->posix = any_view(COUNT_MAX);
}

void harness(void)
{
    csign_negotiate_request in;
    any_contexts(&in.contexts);
    in.dialects = any_list();
    size_t capacity, out_len;
    __CPROVER_assume(capacity <= MESSAGE_MAX);
    uint8_t *out = any_bytes(capacity);
    csign_status status = csign_negotiate_request_encode(out, capacity, &out_len, &in);
    CHECK(status == CSIGN_OK || status == CSIGN_NO_SPACE || status == CSIGN_BAD_ARGUMENT);
    CHECK(status != CSIGN_OK || (out_len <= capacity && out_len >= 102));
    CHECK(status != CSIGN_NO_SPACE || out_len > capacity);
    CHECK(status != CSIGN_BAD_ARGUMENT || out_len == 0);
}
