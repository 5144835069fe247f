/* SPDX-License-Identifier: Apache-2.0 */
/* A server's choice and a client's acceptance belong together: any policy and any request give what a second reading of MS-SMB2
   3.3.5.4 gives; the response to it, encoded and parsed, is accepted by the client that sent the request, with the same result; a
   choice that was not offered is refused. Input: policy 11 bytes, salt length u8, then the request. */
#include <stdlib.h>

#include "select_model.h"
#include "views.h"

/* Mostly policies that make sense; one value in sixteen is one that no policy may have. */
static void take_policy(csign_negotiate_policy *p, fuzz_reader *r)
{
    static const uint16_t dialects[] = {0x0202, 0x0210, 0x0300, 0x0302, 0x0311, 0x02FF};
    memset(p, 0, sizeof *p);
    uint8_t range = fuzz_take_u8(r), signing = fuzz_take_u8(r);
    p->dialect_min = (csign_dialect)dialects[range % 16 == 15 ? 5 : range % 5];
    p->dialect_max = (csign_dialect)dialects[range / 16 == 15 ? 5 : range / 16 % 5];
    p->signing_count = signing % 16 == 15 ? 4 : signing % 4;
    for (size_t i = 0; i < 3; i++) {
        uint8_t b = fuzz_take_u8(r);
        p->signing[i] = (csign_signing_algorithm)(b % 16 == 15 ? 3 : b % 3);
    }
    uint8_t ciphers = fuzz_take_u8(r);
    p->cipher_count = ciphers % 16 == 15 ? 5 : ciphers % 5;
    for (size_t i = 0; i < 4; i++) {
        uint8_t b = fuzz_take_u8(r);
        p->ciphers[i] = (csign_cipher)(b % 16 == 15 ? 5 : 1 + b % 4);
    }
    uint8_t flags = fuzz_take_u8(r);
    p->peer_order = flags & 1;
    p->refuse_fallback = flags & 2;
    p->compression = flags & 4;
    p->transport = flags & 8;
    p->rdma_transforms = flags & 16;
    p->capabilities = flags & 32 ? CSIGN_CAP_ENCRYPTION : 0;
}

static bool same(const csign_negotiated *a, const csign_negotiated *b)
{
    return a->dialect == b->dialect && a->signing_algorithm == b->signing_algorithm &&
           a->signing_negotiated == b->signing_negotiated && a->cipher == b->cipher &&
           a->cipher_negotiated == b->cipher_negotiated && a->preauth_hash == b->preauth_hash;
}

/* A client must not take a signing algorithm or cipher that it did not offer, whatever a server says. */
static void check_not_offered(const csign_negotiate_request *sent, csign_negotiate_response *response)
{
    for (uint8_t id = 0; id < 5; id++) {
        uint8_t wire[2] = {id, 0};
        bool offered = false;
        for (size_t i = 0; i < sent->signing_algorithms.count; i++)
            offered = offered || fuzz_le(sent->signing_algorithms.data + 2 * i, 2) == id;
        csign_negotiated accepted;
        csign_negotiate_response other = *response;
        other.has_signing = true;
        other.signing_algorithms = (csign_u16_list){wire, 1};
        csign_status status = csign_negotiate_accept(&accepted, sent, &other);
        csign_status expected = !offered ? CSIGN_NOT_OFFERED : id > 2 ? CSIGN_UNSUPPORTED : CSIGN_OK;
        CHECK(status == expected, "a client takes a signing algorithm if and only if it offered and knows it");
        CHECK(status == CSIGN_OK || fuzz_all(&accepted, sizeof accepted, 0), "what is not accepted leaves zeros");
    }
}

static void converse(const csign_negotiated *chosen, const csign_negotiate_request *request, csign_bytes salt)
{
    csign_negotiate_response prepared, received;
    csign_negotiated accepted;
    memset(&prepared, 0xA5, sizeof prepared);
    CHECK(csign_negotiate_respond(&prepared, chosen, request, salt) == CSIGN_OK, "every choice can be answered");
    size_t len = 0;
    CHECK(csign_negotiate_response_encode(NULL, 0, &len, &prepared) == CSIGN_NO_SPACE, "every answer can be encoded");
    uint8_t *wire = malloc(len);
    if (!wire)
        abort();
    CHECK(csign_negotiate_response_encode(wire, len, &len, &prepared) == CSIGN_OK, "every answer can be encoded");
    CHECK(csign_negotiate_response_parse(&received, (csign_bytes){wire, len}) == CSIGN_OK &&
              received.contexts_status == CSIGN_OK,
          "every answer can be parsed");
    CHECK(received.header.message_id == request->header.message_id &&
              received.header.flags & CSIGN_FLAG_SERVER_TO_REDIR,
          "an answer belongs to its request");
    CHECK(received.has_signing == chosen->signing_negotiated && received.has_encryption == chosen->cipher_negotiated &&
              received.has_preauth == (chosen->dialect == CSIGN_SMB_3_1_1) && !received.has_compression &&
              !received.has_netname && !received.has_transport && !received.has_rdma && !received.has_posix,
          "an answer carries what was chosen and nothing else");
    memset(&accepted, 0xA5, sizeof accepted);
    CHECK(csign_negotiate_accept(&accepted, request, &received) == CSIGN_OK && same(&accepted, chosen),
          "the client that asked accepts the answer and agrees");
    if (chosen->dialect == CSIGN_SMB_3_1_1)
        check_not_offered(request, &received);
    fuzz_outcome(wire, len);
    free(wire);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    csign_negotiate_policy policy;
    take_policy(&policy, &r);
    size_t salt_len = fuzz_take_u8(&r) % 65;
    csign_bytes message = fuzz_rest(&r);
    csign_bytes salt = {message.data, salt_len < message.len ? salt_len : message.len};
    csign_negotiate_request request;
    if (csign_negotiate_request_parse(&request, message) != CSIGN_OK)
        return;
    csign_negotiated chosen, expected;
    memset(&chosen, 0xA5, sizeof chosen);
    csign_status status = csign_negotiate_select(&chosen, &policy, &request);
    fuzz_outcome_number(status);
    uint32_t allowed = model_select(&expected, &policy, &request);
    CHECK(allowed >> status & 1, "a request is taken or refused as MS-SMB2 3.3.5.4 says");
    if (status != CSIGN_OK) {
        CHECK(fuzz_all(&chosen, sizeof chosen, 0), "a refusal leaves zeros");
        return;
    }
    CHECK(same(&chosen, &expected), "what is chosen is the best of what both sides allow");
    fuzz_outcome_number((uint64_t)chosen.dialect << 32 | (uint64_t)chosen.signing_algorithm << 16 |
                        (uint64_t)chosen.cipher);
    converse(&chosen, &request, salt);
}

const fuzz_target fuzz_this = {"negotiate_select", NULL, one};
