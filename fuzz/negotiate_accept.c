/* SPDX-License-Identifier: Apache-2.0 */
/* A client takes an answer if and only if a second reading of MS-SMB2 3.2.5.2 does, with the same result; nothing that was not
   offered, nothing that did not parse, and what is refused leaves zeros. Input: length of the request u16 (modulo 512), request, response (at
   most 16,383 bytes): n ids are looked for among m, so n times m has to stay small. */
#include "accept_model.h"
#include "policy_input.h"
#include "refusals.h"
#include "views.h"

enum { REQUEST_MAX = 511, RESPONSE_MAX = 16383 };

/* Whatever was wrong: a message that a parser refused cannot become a connection. */
static void check_unparsed(const csign_negotiate_request *sent, csign_status sent_status,
                           const csign_negotiate_response *response, csign_status response_status)
{
    csign_negotiated result;
    memset(&result, 0xA5, sizeof result);
    CHECK(csign_negotiate_accept(&result, sent, response) != CSIGN_OK && fuzz_all(&result, sizeof result, 0),
          "a message that did not parse is never accepted");
    CHECK((sent_status == CSIGN_OK || fuzz_all(sent, sizeof *sent, 0)) &&
              (response_status == CSIGN_OK || fuzz_all(response, sizeof *response, 0)),
          "a refused message leaves zeros");
}

/* The answer's contexts count only at 3.1.1. */
static void check_below_3_1_1(const csign_negotiated *result, const csign_negotiate_request *sent,
                              const csign_negotiate_response *response)
{
    csign_negotiate_response other = *response;
    csign_negotiated again;
    memset(&other.contexts, 0, sizeof other.contexts);
    other.contexts_status = CSIGN_MALFORMED;
    CHECK(csign_negotiate_accept(&again, sent, &other) == CSIGN_OK && policy_same_result(result, &again),
          "below 3.1.1 contexts have no effect");
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    size_t request_len = fuzz_take_u16(&r) % (REQUEST_MAX + 1);
    csign_bytes request = fuzz_take_view(&r, request_len), answer = fuzz_take_view(&r, RESPONSE_MAX);
    csign_negotiate_request sent;
    csign_negotiate_response response;
    csign_status sent_status = csign_negotiate_request_parse(&sent, request);
    csign_status response_status = csign_negotiate_response_parse(&response, answer);
    fuzz_outcome_number((uint64_t)sent_status << 32 | response_status);
    fuzz_too_short(sent_status == CSIGN_TRUNCATED || response_status == CSIGN_TRUNCATED);
    if (sent_status != CSIGN_OK || response_status != CSIGN_OK) {
        check_unparsed(&sent, sent_status, &response, response_status);
        return;
    }
    csign_negotiated result, expected;
    memset(&result, 0xA5, sizeof result);
    csign_status status = csign_negotiate_accept(&result, &sent, &response);
    fuzz_outcome_number(status);
    uint32_t allowed = model_accept(&expected, &sent, &response);
    CHECK(allowed >> status & 1, "an answer is taken or refused as MS-SMB2 3.2.5.2 says");
    refusals_accept(&sent, &response);
    if (status != CSIGN_OK) {
        CHECK(fuzz_all(&result, sizeof result, 0), "a refusal leaves zeros");
        return;
    }
    CHECK(policy_same_result(&result, &expected), "the result is what the server chose");
    if (result.dialect != CSIGN_SMB_3_1_1)
        check_below_3_1_1(&result, &sent, &response);
    fuzz_outcome_number((uint64_t)result.dialect << 32 | (uint64_t)result.signing_algorithm << 16 |
                        (uint64_t)result.cipher);
}

const fuzz_target fuzz_this = {"negotiate_accept", NULL, one};
