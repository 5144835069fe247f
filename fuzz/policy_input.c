/* SPDX-License-Identifier: Apache-2.0 */
/* Policies out of an input, and the conversation that follows a choice. */
#include "policy_input.h"

#include <stdlib.h>

void policy_take(csign_negotiate_policy *p, fuzz_reader *r)
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

bool policy_same_result(const csign_negotiated *a, const csign_negotiated *b)
{
    return a->dialect == b->dialect && a->signing_algorithm == b->signing_algorithm &&
           a->signing_negotiated == b->signing_negotiated && a->cipher == b->cipher &&
           a->cipher_negotiated == b->cipher_negotiated && a->preauth_hash == b->preauth_hash;
}

void policy_converse(const csign_negotiated *chosen, const csign_negotiate_request *request, csign_bytes salt,
                     void (*received_by)(const csign_negotiate_request *sent, const csign_negotiate_response *response))
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
    CHECK(csign_negotiate_accept(&accepted, request, &received) == CSIGN_OK && policy_same_result(&accepted, chosen),
          "the client that asked accepts the answer and agrees");
    if (received_by)
        received_by(request, &received);
    fuzz_outcome(wire, len);
    free(wire);
}
