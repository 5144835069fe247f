/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong calls of lib/smb3: refusals.h. */
#include "refusals.h"

static void select_refused(const csign_negotiate_policy *policy, const csign_negotiate_request *request,
                           csign_status status)
{
    csign_negotiated out;
    memset(&out, 0xA5, sizeof out);
    CHECK(csign_negotiate_select(&out, policy, request) == status && fuzz_all(&out, sizeof out, 0),
          "a server's choice from nothing is refused");
}

void refusals_select(const csign_negotiate_policy *policy, const csign_negotiate_request *request)
{
    csign_negotiated chosen;
    CHECK(csign_negotiate_select(NULL, policy, request) == CSIGN_BAD_ARGUMENT, "without an output nothing is chosen");
    select_refused(NULL, request, CSIGN_BAD_ARGUMENT);
    select_refused(policy, NULL, CSIGN_BAD_ARGUMENT);
    csign_negotiate_policy none = *policy;
    none.ciphers[0] = CSIGN_CIPHER_NONE;
    none.cipher_count = 1;
    select_refused(&none, request, CSIGN_BAD_ARGUMENT);
    if (csign_negotiate_select(&chosen, policy, request) == CSIGN_OK && chosen.dialect == CSIGN_SMB_3_1_1) {
        csign_negotiate_request without = *request;
        without.has_preauth = false; /* as no parser leaves it */
        select_refused(policy, &without, CSIGN_MISSING_CONTEXT);
    }
}

static void respond_refused(const csign_negotiated *chosen, const csign_negotiate_request *request, csign_bytes salt)
{
    csign_negotiate_response out;
    memset(&out, 0xA5, sizeof out);
    CHECK(csign_negotiate_respond(&out, chosen, request, salt) == CSIGN_BAD_ARGUMENT && fuzz_all(&out, sizeof out, 0),
          "a response that no negotiation gives is not made");
}

void refusals_respond(const csign_negotiated *chosen, const csign_negotiate_request *request)
{
    static const uint8_t byte = 1;
    const csign_bytes salt = {&byte, 1};
    csign_negotiated other = *chosen;
    CHECK(csign_negotiate_respond(NULL, chosen, request, salt) == CSIGN_BAD_ARGUMENT,
          "without an output there is no response");
    respond_refused(NULL, request, salt);
    respond_refused(chosen, NULL, salt);
    respond_refused(chosen, request, (csign_bytes){NULL, 1});
    respond_refused(chosen, request, (csign_bytes){&byte, 65530});
    csign_negotiate_response response;
    CHECK(csign_negotiate_respond(&response, chosen, request, (csign_bytes){NULL, 0}) == CSIGN_OK,
          "a response may do without a salt");
    other.dialect = (csign_dialect)0x02FF;
    respond_refused(&other, request, salt);
    if (chosen->dialect == CSIGN_SMB_3_1_1 && chosen->cipher_negotiated) {
        other = *chosen;
        other.cipher_negotiated = false;
        if (other.cipher != CSIGN_CIPHER_NONE)
            respond_refused(&other, request, salt);
    }
}

static void accept_refused(const csign_negotiate_request *sent, const csign_negotiate_response *response,
                           csign_status status)
{
    csign_negotiated out;
    memset(&out, 0xA5, sizeof out);
    CHECK(csign_negotiate_accept(&out, sent, response) == status && fuzz_all(&out, sizeof out, 0),
          "an answer to nothing, or that is nothing, is not accepted");
}

/* *response is accepted, at 3.1.1. A context that was not asked for is refused, whatever else there is; one that was is not. */
static void unasked_contexts(const csign_negotiate_request *sent, const csign_negotiate_response *response)
{
    csign_negotiate_request asking = *sent, silent = *sent;
    csign_negotiated out;
    asking.has_compression = asking.has_transport = asking.has_rdma = asking.has_posix = true;
    silent.has_compression = silent.has_transport = silent.has_rdma = silent.has_posix = false;
    for (unsigned i = 0; i < 4; i++) {
        csign_negotiate_response other = *response;
        other.has_compression = i == 0;
        other.has_transport = i == 1;
        other.has_rdma = i == 2;
        other.has_posix = i == 3;
        other.compression_algorithms.count = other.rdma_transforms.count = 0;
        accept_refused(&silent, &other, CSIGN_NOT_OFFERED);
        CHECK(csign_negotiate_accept(&out, &asking, &other) == CSIGN_OK, "a context that was asked for is taken");
    }
}

/* *response is accepted, at 3.1.1. Of lists that were asked for, only what was offered may be chosen; no compression always may. */
static void unasked_ids(const csign_negotiate_request *sent, const csign_negotiate_response *response)
{
    static const uint8_t wire[] = {0, 0, 1, 0, 9, 0};
    csign_negotiate_request asking = *sent;
    csign_negotiate_response choosing = *response;
    csign_negotiated out;
    choosing.preauth_hashes = (csign_u16_list){wire + 4, 1};
    asking.preauth_hashes = response->preauth_hashes;
    accept_refused(&asking, &choosing, CSIGN_NOT_OFFERED);
    choosing.preauth_hashes = response->preauth_hashes;
    asking.has_compression = choosing.has_compression = asking.has_rdma = choosing.has_rdma = true;
    asking.compression_algorithms = asking.rdma_transforms = (csign_u16_list){wire + 2, 1};
    choosing.compression_algorithms = (csign_u16_list){wire, 2};
    choosing.rdma_transforms = (csign_u16_list){wire + 2, 1};
    CHECK(csign_negotiate_accept(&out, &asking, &choosing) == CSIGN_OK, "what was offered is taken");
    choosing.compression_algorithms.count = 3;
    accept_refused(&asking, &choosing, CSIGN_NOT_OFFERED);
    choosing.compression_algorithms.count = 2;
    choosing.rdma_transforms = (csign_u16_list){wire + 2, 2};
    accept_refused(&asking, &choosing, CSIGN_NOT_OFFERED);
}

/* *response is accepted, at 3.1.1. What the client offered and this library does not know is not taken. */
static void unknown_ids(const csign_negotiate_request *sent, const csign_negotiate_response *response)
{
    static const uint8_t wire[2] = {9, 0};
    const csign_u16_list unknown = {wire, 1};
    csign_negotiate_request offering = *sent;
    csign_negotiate_response choosing = *response;
    offering.preauth_hashes = choosing.preauth_hashes = unknown;
    accept_refused(&offering, &choosing, CSIGN_UNSUPPORTED);
    offering = *sent;
    choosing = *response;
    offering.has_encryption = choosing.has_encryption = true;
    offering.ciphers = choosing.ciphers = unknown;
    accept_refused(&offering, &choosing, CSIGN_UNSUPPORTED);
}

void refusals_accept(const csign_negotiate_request *sent, const csign_negotiate_response *response)
{
    csign_negotiate_response other = *response;
    CHECK(csign_negotiate_accept(NULL, sent, response) == CSIGN_BAD_ARGUMENT, "without an output nothing is accepted");
    accept_refused(NULL, response, CSIGN_BAD_ARGUMENT);
    accept_refused(sent, NULL, CSIGN_BAD_ARGUMENT);
    csign_negotiated accepted;
    if (csign_negotiate_accept(&accepted, sent, response) == CSIGN_OK && accepted.dialect == CSIGN_SMB_3_1_1) {
        other.has_preauth = false; /* as no parser leaves it */
        accept_refused(sent, &other, CSIGN_MISSING_CONTEXT);
        unasked_contexts(sent, response);
        unasked_ids(sent, response);
        unknown_ids(sent, response);
    }
}

void refusals_session(const csign_session *session, const csign_negotiated *negotiated, csign_bytes key,
                      const uint8_t preauth[64])
{
    const csign_bytes nowhere = {NULL, key.len + 1};
    uint32_t ntstatus = 0;
    csign_session derived;
    csign_channel channel;
    memset(&derived, 0xA5, sizeof derived);
    memset(&channel, 0xA5, sizeof channel);
    CHECK(csign_session_derive(NULL, negotiated, key, preauth) == CSIGN_BAD_ARGUMENT &&
              csign_session_bind(NULL, session, negotiated, key, preauth) == CSIGN_BAD_ARGUMENT,
          "without an output nothing is derived or bound");
    CHECK(csign_session_derive(&derived, NULL, key, preauth) == CSIGN_BAD_ARGUMENT &&
              fuzz_all(&derived, sizeof derived, 0) &&
              csign_session_derive(&derived, negotiated, nowhere, preauth) == CSIGN_BAD_ARGUMENT &&
              fuzz_all(&derived, sizeof derived, 0),
          "from nothing no session is derived");
    CHECK(csign_session_bind_check(NULL, negotiated, &ntstatus) == CSIGN_BAD_ARGUMENT && ntstatus == 0xC000000D &&
              csign_session_bind_check(session, NULL, &ntstatus) == CSIGN_BAD_ARGUMENT && ntstatus == 0xC000000D &&
              csign_session_bind(&channel, NULL, negotiated, key, preauth) == CSIGN_BAD_ARGUMENT &&
              fuzz_all(&channel, sizeof channel, 0) &&
              csign_session_bind(&channel, session, NULL, key, preauth) == CSIGN_BAD_ARGUMENT &&
              fuzz_all(&channel, sizeof channel, 0),
          "nothing is bound to nothing");
    csign_session_wipe(NULL);
    csign_channel_wipe(NULL);
}

/* Nothing is signed or verified, and the message stays as it is. */
static void signer_refused(const csign_signer *signer, csign_bytes message, uint8_t *copy, const csign_bytes *parts)
{
    uint8_t tag[16];
    memset(tag, 0xA5, sizeof tag);
    CHECK(csign_sign(signer, copy, message.len) == CSIGN_BAD_ARGUMENT &&
              csign_sign_parts(signer, copy, parts, 1) == CSIGN_BAD_ARGUMENT &&
              csign_verify(signer, copy, message.len) == CSIGN_BAD_ARGUMENT &&
              csign_verify_parts(signer, copy, parts, 1) == CSIGN_BAD_ARGUMENT &&
              csign_mac(signer, tag, copy, parts, 1) == CSIGN_BAD_ARGUMENT && fuzz_all(tag, sizeof tag, 0),
          "what is no signer, or no message, signs and verifies nothing");
    CHECK(!copy || !memcmp(copy, message.data, 64), "a refused message is unchanged");
}

void refusals_signer(const csign_signer *signer, csign_bytes message)
{
    static const uint8_t key[16];
    const csign_bytes body = {message.len > 64 ? message.data + 64 : NULL, message.len - 64};
    uint8_t header[64];
    csign_signer other;
    memcpy(header, message.data, sizeof header);
    const csign_bytes element = {header, sizeof header};
    signer_refused(NULL, element, header, &body);
    signer_refused(signer, element, NULL, &body);
    memset(&other, 0, sizeof other);
    signer_refused(&other, element, header, &body);
    other = *signer;
    other.kind = 4;
    signer_refused(&other, element, header, &body);
    CHECK(csign_mac(signer, NULL, header, &body, 1) == CSIGN_BAD_ARGUMENT, "without an output there is no signature");
    CHECK(csign_signer_init(NULL, CSIGN_AES_CMAC, key) == CSIGN_BAD_ARGUMENT &&
              csign_signer_init(&other, CSIGN_AES_CMAC, NULL) == CSIGN_BAD_ARGUMENT &&
              fuzz_all(&other, sizeof other, 0),
          "without a key there is no signer");
    memset(&other, 0xA5, sizeof other);
    CHECK(csign_signer_init(&other, (csign_signing_algorithm)3, key) == CSIGN_BAD_ARGUMENT &&
              fuzz_all(&other, sizeof other, 0),
          "without an algorithm there is no signer");
    csign_signer_wipe(NULL);
}
