/* SPDX-License-Identifier: Apache-2.0 */
/* A server's choice and a client's acceptance belong together: any policy and any request give what a second reading of MS-SMB2
   3.3.5.4 gives; the response to it, encoded and parsed, is accepted by the client that sent the request, with the same result; a
   choice that was not offered is refused. Input: policy 11 bytes, salt length u8, then the request. */
#include "policy_input.h"
#include "refusals.h"
#include "select_model.h"

/* A client must not take a signing algorithm or cipher that it did not offer, whatever a server says. */
static void check_not_offered(const csign_negotiate_request *sent, const csign_negotiate_response *response)
{
    if (response->dialect != CSIGN_SMB_3_1_1)
        return;
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

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    csign_negotiate_policy policy;
    policy_take(&policy, &r);
    size_t salt_len = fuzz_take_u8(&r) % 65;
    csign_bytes message = fuzz_rest(&r);
    csign_bytes salt = {message.data, salt_len < message.len ? salt_len : message.len};
    csign_negotiate_request request;
    csign_status status = csign_negotiate_request_parse(&request, message);
    fuzz_too_short(status == CSIGN_TRUNCATED);
    if (status != CSIGN_OK)
        return;
    csign_negotiated chosen, expected;
    memset(&chosen, 0xA5, sizeof chosen);
    status = csign_negotiate_select(&chosen, &policy, &request);
    fuzz_outcome_number(status);
    refusals_select(&policy, &request);
    uint32_t allowed = model_select(&expected, &policy, &request);
    CHECK(allowed >> status & 1, "a request is taken or refused as MS-SMB2 3.3.5.4 says");
    if (status != CSIGN_OK) {
        CHECK(fuzz_all(&chosen, sizeof chosen, 0), "a refusal leaves zeros");
        return;
    }
    CHECK(policy_same_result(&chosen, &expected), "what is chosen is the best of what both sides allow");
    fuzz_outcome_number((uint64_t)chosen.dialect << 32 | (uint64_t)chosen.signing_algorithm << 16 |
                        (uint64_t)chosen.cipher);
    refusals_respond(&chosen, &request);
    policy_converse(&chosen, &request, salt, check_not_offered);
}

const fuzz_target fuzz_this = {"negotiate_select", NULL, one};
