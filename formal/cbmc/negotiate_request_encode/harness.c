/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE request encoder, on anything a caller can hand it, into a buffer of any size. */
#include "proof.h"
#include "wire/bytes.c"
#include "wire/context_encode.c"
#include "wire/negotiate_header.c"
#include "wire/negotiate_request.c"
#include "wire/writer.c"

#define COUNT_MAX 100000u /* more than any 16-bit field holds: the encoder must refuse */

/* Not proved here and not called: the encoders share their files with the parsers. */
csign_status csign_header_parse(csign_header *out, csign_bytes element) { __CPROVER_assume(false); return CSIGN_OK; }
void csign_contexts_parse(csign_negotiate_contexts *out, csign_bytes message, const csign_context_area *area) {}

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
