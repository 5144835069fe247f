/* SPDX-License-Identifier: Apache-2.0 */
/* A whole negotiation, for every dialect, algorithm and cipher that a server may be set to: select, respond, encode, parse, accept. Both
   sides must agree. And the policy's arguments, and what each side refuses of the other. */
#include "check.h"
#include "samples.h"

static const uint8_t dialect_ids[] = {0x02, 0x02, 0x10, 0x02, 0x00, 0x03, 0x02, 0x03, 0x11, 0x03};
static const uint8_t ids[] = {0, 0, 1, 0, 2, 0, 3, 0, 4, 0};
static const uint8_t salt[32] = {1, 2, 3};

static csign_negotiate_request client(size_t dialects)
{
    csign_negotiate_request in;
    memset(&in, 0, sizeof in);
    in.dialects = (csign_u16_list){dialect_ids, dialects};
    in.capabilities = CSIGN_CAP_ENCRYPTION;
    if (dialects == 5) {
        in.has_preauth = in.has_encryption = in.has_signing = true;
        in.preauth_hashes = (csign_u16_list){ids + 2, 1};
        in.preauth_salt = (csign_bytes){salt, sizeof salt};
        in.ciphers = (csign_u16_list){ids + 2, 4};
        in.signing_algorithms = (csign_u16_list){ids, 3};
    }
    return in;
}

static void agree(const csign_negotiate_policy *policy, size_t dialects, const csign_negotiated *want)
{
    uint8_t sent[1024];
    uint8_t answered[1024];
    size_t len = 0;
    csign_negotiate_request in = client(dialects);
    csign_negotiate_request seen;
    csign_negotiate_response out;
    csign_negotiate_response back;
    csign_negotiated server;
    csign_negotiated agreed;
    CHECK_STATUS(csign_negotiate_request_encode(sent, sizeof sent, &len, &in), CSIGN_OK);
    CHECK_STATUS(csign_negotiate_request_parse(&seen, sample_bytes(sent, len)), CSIGN_OK);
    CHECK_STATUS(csign_negotiate_select(&server, policy, &seen), CSIGN_OK);
    CHECK_STATUS(csign_negotiate_respond(&out, &server, &seen, sample_bytes(salt, sizeof salt)), CSIGN_OK);
    CHECK_STATUS(csign_negotiate_response_encode(answered, sizeof answered, &len, &out), CSIGN_OK);
    CHECK_STATUS(csign_negotiate_response_parse(&back, sample_bytes(answered, len)), CSIGN_OK);
    CHECK_STATUS(csign_negotiate_accept(&agreed, &in, &back), CSIGN_OK);
    CHECK(server.dialect == want->dialect && agreed.dialect == want->dialect);
    CHECK(server.signing_algorithm == want->signing_algorithm && agreed.signing_algorithm == want->signing_algorithm);
    CHECK(server.cipher == want->cipher && agreed.cipher == want->cipher);
    CHECK(server.signing_negotiated == agreed.signing_negotiated &&
          server.cipher_negotiated == agreed.cipher_negotiated);
    CHECK(server.preauth_hash == agreed.preauth_hash);
    CHECK(server.signing_negotiated == (want->dialect == CSIGN_SMB_3_1_1));
}

static void every_combination(void)
{
    static const csign_dialect dialects[] = {CSIGN_SMB_2_0_2, CSIGN_SMB_2_1, CSIGN_SMB_3_0, CSIGN_SMB_3_0_2};
    for (size_t i = 0; i < 4; i++) {
        csign_negotiate_policy policy;
        csign_negotiate_policy_init(&policy);
        csign_negotiated want = {.dialect = dialects[i]};
        want.signing_algorithm = i < 2 ? CSIGN_HMAC_SHA256 : CSIGN_AES_CMAC;
        want.cipher = i < 2 ? CSIGN_CIPHER_NONE : CSIGN_AES_128_CCM;
        agree(&policy, i + 1, &want);
    }
    for (unsigned algorithm = 0; algorithm < 3; algorithm++) {
        for (unsigned cipher = 1; cipher <= 4; cipher++) {
            csign_negotiate_policy policy;
            csign_negotiate_policy_init(&policy);
            csign_negotiated want = {
                CSIGN_SMB_3_1_1, (csign_signing_algorithm)algorithm, true, (csign_cipher)cipher, true, 1};
            policy.signing[0] = want.signing_algorithm;
            policy.signing_count = 1;
            policy.ciphers[0] = want.cipher;
            policy.cipher_count = 1;
            agree(&policy, 5, &want);
        }
    }
}

static void defaults(void)
{
    csign_negotiate_policy policy;
    memset(&policy, 0xA5, sizeof policy);
    csign_negotiate_policy_init(&policy);
    CHECK(policy.dialect_min == CSIGN_SMB_2_0_2 && policy.dialect_max == CSIGN_SMB_3_1_1);
    CHECK(policy.signing_count == 3 && policy.signing[0] == CSIGN_AES_GMAC && policy.signing[1] == CSIGN_AES_CMAC);
    CHECK(policy.signing[2] == CSIGN_HMAC_SHA256 && policy.cipher_count == 4);
    CHECK(policy.ciphers[0] == CSIGN_AES_128_GCM && policy.ciphers[1] == CSIGN_AES_128_CCM);
    CHECK(policy.ciphers[2] == CSIGN_AES_256_GCM && policy.ciphers[3] == CSIGN_AES_256_CCM);
    CHECK(!policy.peer_order && !policy.refuse_fallback && policy.capabilities == CSIGN_CAP_ENCRYPTION);
    CHECK(!policy.compression && !policy.transport && !policy.rdma_transforms);
}

static void refused(const csign_negotiate_policy *policy, const csign_negotiate_request *request)
{
    csign_negotiated out;
    memset(&out, 0xA5, sizeof out);
    CHECK_STATUS(csign_negotiate_select(&out, policy, request), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&out);
}

static void select_arguments(void)
{
    csign_negotiate_request request = client(5);
    csign_negotiate_policy policy;
    csign_negotiate_policy_init(&policy);
    CHECK_STATUS(csign_negotiate_select(NULL, &policy, &request), CSIGN_BAD_ARGUMENT);
    refused(NULL, &request);
    refused(&policy, NULL);
#define REFUSED(change)                                                                                                \
    do {                                                                                                               \
        csign_negotiate_policy_init(&policy);                                                                          \
        change;                                                                                                        \
        refused(&policy, &request);                                                                                    \
    } while (0)
    REFUSED(policy.signing_count = 4);
    REFUSED(policy.cipher_count = 5);
    REFUSED(policy.signing[1] = (csign_signing_algorithm)3);
    REFUSED(policy.ciphers[2] = (csign_cipher)5);
    REFUSED(policy.ciphers[0] = CSIGN_CIPHER_NONE);
    REFUSED(policy.dialect_min = (csign_dialect)0x0222);
    REFUSED(policy.dialect_max = (csign_dialect)0x02FF);
#undef REFUSED
}

static void respond_and_accept_arguments(void)
{
    csign_negotiate_request request = client(5);
    csign_negotiate_response response;
    csign_negotiated chosen = {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, true, CSIGN_AES_128_GCM, true, 1};
    csign_bytes short_salt = sample_bytes(salt, 4);
    request.header.message_id = 7;
    request.header.credit_charge = 3;
    request.header.process_id = 0xFEFF;
    CHECK_STATUS(csign_negotiate_respond(&response, &chosen, &request, short_salt), CSIGN_OK);
    CHECK(response.header.message_id == 7 && response.header.credit_charge == 3 && response.header.credits == 1);
    CHECK(response.header.process_id == 0xFEFF && response.header.flags == CSIGN_FLAG_SERVER_TO_REDIR);
    CHECK_STATUS(csign_negotiate_respond(NULL, &chosen, &request, short_salt), CSIGN_BAD_ARGUMENT);
    const csign_negotiated impossible[] = {
        {CSIGN_SMB_3_1_1, CSIGN_HMAC_SHA256, false, CSIGN_CIPHER_NONE, false, 1},
        {CSIGN_SMB_2_1, CSIGN_AES_CMAC, false, CSIGN_CIPHER_NONE, false, 0},
        {CSIGN_SMB_3_0, CSIGN_AES_CMAC, false, CSIGN_AES_128_GCM, false, 0},
        {CSIGN_SMB_3_1_1, (csign_signing_algorithm)3, true, CSIGN_CIPHER_NONE, false, 1},
        {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, true, (csign_cipher)5, true, 1},
        {(csign_dialect)0x02FF, CSIGN_HMAC_SHA256, false, CSIGN_CIPHER_NONE, false, 0},
        {CSIGN_SMB_3_1_1, CSIGN_AES_CMAC, false, CSIGN_AES_128_GCM, false, 1},
    };
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        memset(&response, 0xA5, sizeof response);
        CHECK_STATUS(csign_negotiate_respond(&response, &impossible[i], &request, short_salt), CSIGN_BAD_ARGUMENT);
        CHECK_ZERO(&response);
    }
    csign_bytes long_salt = {salt, 65530};
    csign_bytes no_salt = {NULL, 1};
    CHECK_STATUS(csign_negotiate_respond(&response, &chosen, &request, long_salt), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_negotiate_respond(&response, &chosen, &request, no_salt), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_negotiate_respond(&response, NULL, &request, short_salt), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_negotiate_respond(&response, &chosen, NULL, short_salt), CSIGN_BAD_ARGUMENT);
    csign_negotiated out;
    CHECK_STATUS(csign_negotiate_accept(NULL, &request, &response), CSIGN_BAD_ARGUMENT);
    memset(&out, 0xA5, sizeof out);
    CHECK_STATUS(csign_negotiate_accept(&out, NULL, &response), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&out);
    CHECK_STATUS(csign_negotiate_accept(&out, &request, NULL), CSIGN_BAD_ARGUMENT);
}

/* A structure that no parser made: without SHA-512's context 3.1.1 cannot be, whatever contexts_status says. */
static void without_preauth(void)
{
    csign_negotiate_policy policy;
    csign_negotiate_policy_init(&policy);
    csign_negotiate_request request = client(5);
    csign_negotiate_response response;
    csign_negotiated out;
    memset(&response, 0, sizeof response);
    response.dialect = CSIGN_SMB_3_1_1;
    memset(&out, 0xA5, sizeof out);
    CHECK_STATUS(csign_negotiate_accept(&out, &request, &response), CSIGN_MISSING_CONTEXT);
    CHECK_ZERO(&out);
    request.has_preauth = false;
    memset(&out, 0xA5, sizeof out);
    CHECK_STATUS(csign_negotiate_select(&out, &policy, &request), CSIGN_MISSING_CONTEXT);
    CHECK_ZERO(&out);
}

/* What is wrong in an optional context matters if and only if the policy supports its feature. */
static void optional_contexts(void)
{
    for (unsigned i = 0; i < 3; i++) {
        csign_negotiate_policy policy;
        csign_negotiated out;
        csign_negotiate_request request = client(5);
        csign_negotiate_policy_init(&policy);
        *(i == 0 ? &policy.compression : i == 1 ? &policy.transport : &policy.rdma_transforms) = true;
        CHECK_STATUS(csign_negotiate_select(&out, &policy, &request), CSIGN_OK);
        CHECK(out.dialect == CSIGN_SMB_3_1_1);
        request.compression_status = request.transport_status = request.rdma_status = CSIGN_MALFORMED;
        *(i == 0   ? &request.compression_status
          : i == 1 ? &request.transport_status
                   : &request.rdma_status) = CSIGN_TRUNCATED;
        CHECK_STATUS(csign_negotiate_select(&out, &policy, &request), CSIGN_TRUNCATED);
        CHECK_ZERO(&out);
        policy.compression = policy.transport = policy.rdma_transforms = false;
        CHECK_STATUS(csign_negotiate_select(&out, &policy, &request), CSIGN_OK);
        CHECK(out.dialect == CSIGN_SMB_3_1_1);
    }
}

/* Only a fallback is refused: with an algorithm in common, or without refuse_fallback, all is well. */
static void fallback(void)
{
    csign_negotiate_policy policy;
    csign_negotiated out;
    csign_negotiate_request request = client(5);
    csign_negotiate_policy_init(&policy);
    policy.refuse_fallback = true;
    policy.signing[0] = CSIGN_AES_GMAC;
    policy.signing_count = 1;
    CHECK_STATUS(csign_negotiate_select(&out, &policy, &request), CSIGN_OK);
    CHECK(out.signing_negotiated && out.signing_algorithm == CSIGN_AES_GMAC);
    request.has_signing = false;
    CHECK_STATUS(csign_negotiate_select(&out, &policy, &request), CSIGN_UNSUPPORTED);
    CHECK_ZERO(&out);
    policy.refuse_fallback = false;
    CHECK_STATUS(csign_negotiate_select(&out, &policy, &request), CSIGN_OK);
    CHECK(!out.signing_negotiated && out.signing_algorithm == CSIGN_AES_CMAC);
}

/* A client drops a server that chose what was not offered, and one that chose what was, but is unknown here. */
static void choices_of_a_server(void)
{
    static const uint8_t strange[] = {9, 0};
    csign_negotiate_request request = client(5);
    csign_negotiate_response response;
    csign_negotiated out;
    csign_negotiated chosen = {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, true, CSIGN_AES_128_GCM, true, 1};
    CHECK_STATUS(csign_negotiate_respond(&response, &chosen, &request, (csign_bytes){NULL, 0}), CSIGN_OK);
    CHECK(response.has_preauth && response.preauth_salt.len == 0);
    CHECK_STATUS(csign_negotiate_accept(&out, &request, &response), CSIGN_OK);
    response.ciphers.data = strange;
    CHECK_STATUS(csign_negotiate_accept(&out, &request, &response), CSIGN_NOT_OFFERED);
    request.ciphers = (csign_u16_list){strange, 1};
    CHECK_STATUS(csign_negotiate_accept(&out, &request, &response), CSIGN_UNSUPPORTED);
    CHECK_ZERO(&out);
    response.has_encryption = false;
    request.has_compression = response.has_compression = true;
    request.compression_algorithms = (csign_u16_list){ids + 2, 1};
    response.compression_algorithms = (csign_u16_list){ids, 2}; /* NONE, which is always allowed, and the one offered */
    CHECK_STATUS(csign_negotiate_accept(&out, &request, &response), CSIGN_OK);
    response.compression_algorithms = (csign_u16_list){ids, 3};
    CHECK_STATUS(csign_negotiate_accept(&out, &request, &response), CSIGN_NOT_OFFERED);
    CHECK_ZERO(&out);
}

int main(void)
{
    every_combination();
    defaults();
    select_arguments();
    respond_and_accept_arguments();
    without_preauth();
    optional_contexts();
    fallback();
    choices_of_a_server();
    return CHECK_RESULT();
}
