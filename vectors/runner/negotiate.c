/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on NEGOTIATE messages: MS-SMB2 2.2.3, 2.2.4, 3.2.5.2, 3.3.5.4. */
#include <stdio.h>
#include <string.h>

#include "operations.h"

/* Name of a member of parsed.contexts, in a buffer of the caller. */
typedef struct member_name {
    char text[64];
} member_name;

static member_name in_contexts(const char *member)
{
    member_name name;
    snprintf(name.text, sizeof name.text, "parsed.contexts.%s", member);
    return name;
}

static void check_list(vector_case *c, const char *name, csign_u16_list list)
{
    size_t count = case_count(c, "%s", name);
    if (count != list.count)
        case_fail(c, "%s has %zu ids, not %zu", name, list.count, count);
    for (size_t i = 0; i < count && !case_failed(c); i++) {
        case_expect_number(c, csign_u16_at(list, i), "%s[%zu]", name, i);
    }
}

static void check_view(vector_case *c, const char *name, csign_bytes view)
{
    csign_bytes expected = case_bytes(c, "%s", name);
    if (expected.len != view.len) {
        case_fail(c, "%s has %zu bytes, not %zu", name, view.len, expected.len);
    } else {
        case_expect_same(c, name, expected.data, view.data, view.len);
    }
}

static void check_u64(vector_case *c, const char *name, uint64_t actual)
{
    char text[17];
    snprintf(text, sizeof text, "%08lx%08lx", (unsigned long)(actual >> 32), (unsigned long)(actual & 0xFFFFFFFFu));
    const char *expected = case_text(c, "%s", name);
    if (strcmp(expected, text) != 0)
        case_fail(c, "%s is %s, not %s", name, text, expected);
}

/* Whether a context is to be compared further: present as expected. Where the contexts' own status is an error, members that the
   test leaves out are not compared. */
static bool check_present(vector_case *c, const char *member, bool present, bool optional)
{
    member_name name = in_contexts(member);
    if (optional && !case_has(c, "%s", name.text))
        return false;
    bool expected = !case_is_null(c, "%s", name.text);
    if (expected != present)
        case_fail(c, "%s is %s", name.text, present ? "there" : "not there");
    return expected && present;
}

static void check_optional_status(vector_case *c, const char *member, csign_status actual)
{
    member_name name = in_contexts(member);
    if (case_has(c, "%s", name.text)) {
        case_status_is(c, actual, "%s", name.text);
    } else if (actual != CSIGN_OK) {
        case_fail(c, "%s is %s", name.text, csign_status_name(actual));
    }
}

static void check_contexts(vector_case *c, const csign_negotiate_contexts *x)
{
    if (case_is_null(c, "parsed.contexts")) { /* not read at all */
        if (x->contexts_status != CSIGN_OK || x->has_preauth || x->has_encryption || x->has_compression ||
            x->has_netname || x->has_transport || x->has_rdma || x->has_signing || x->has_posix) {
            case_fail(c, "contexts were read, though the dialect has none");
        }
        return;
    }
    case_object(c, "parsed.contexts");
    case_status_is(c, x->contexts_status, "parsed.contexts.status");
    bool partial = x->contexts_status != CSIGN_OK;
    if (case_has(c, "parsed.contexts.errorOffset")) {
        case_expect_number(c, x->contexts_error_offset, "parsed.contexts.errorOffset");
    }
    if (check_present(c, "preauthHashes", x->has_preauth, partial)) {
        check_list(c, "parsed.contexts.preauthHashes", x->preauth_hashes);
        check_view(c, "parsed.contexts.preauthSalt", x->preauth_salt);
    } else if (!partial) {
        (void)check_present(c, "preauthSalt", false, false);
    }
    if (check_present(c, "ciphers", x->has_encryption, partial))
        check_list(c, "parsed.contexts.ciphers", x->ciphers);
    if (check_present(c, "compressionAlgorithms", x->has_compression, partial)) {
        check_list(c, "parsed.contexts.compressionAlgorithms", x->compression_algorithms);
        case_expect_number(c, x->compression_flags, "parsed.contexts.compressionFlags");
    } else if (!partial) {
        (void)check_present(c, "compressionFlags", false, false);
    }
    if (check_present(c, "netname", x->has_netname, partial))
        check_view(c, "parsed.contexts.netname", x->netname);
    if (check_present(c, "transportFlags", x->has_transport, partial)) {
        case_expect_number(c, x->transport_flags, "parsed.contexts.transportFlags");
    }
    if (check_present(c, "rdmaTransforms", x->has_rdma, partial)) {
        check_list(c, "parsed.contexts.rdmaTransforms", x->rdma_transforms);
    }
    if (check_present(c, "signingAlgorithms", x->has_signing, partial)) {
        check_list(c, "parsed.contexts.signingAlgorithms", x->signing_algorithms);
    }
    if (check_present(c, "posix", x->has_posix, partial))
        check_view(c, "parsed.contexts.posix", x->posix);
    check_optional_status(c, "compressionStatus", x->compression_status);
    check_optional_status(c, "transportStatus", x->transport_status);
    check_optional_status(c, "rdmaStatus", x->rdma_status);
}

static void check_refused(vector_case *c, const void *out, size_t len)
{
    const unsigned char *bytes = out;
    if (!case_is_null(c, "parsed") || !case_is_null(c, "canonical"))
        case_fail(c, "a refusal has nothing parsed and nothing canonical");
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0)
            case_fail(c, "byte %zu of the struct is not zero after a refusal", i);
    }
}

/* What was parsed, encoded: canonical, whatever the message looked like; null: it is nothing an encoder writes. */
static void check_canonical(vector_case *c, csign_status status, const uint8_t *encoded, size_t len)
{
    if (case_is_null(c, "canonical")) {
        if (status == CSIGN_OK)
            case_fail(c, "it was encoded, though it is not canonical");
    } else if (status != CSIGN_OK) {
        case_fail(c, "encoding gives %s", csign_status_name(status));
    } else {
        check_view(c, "canonical", (csign_bytes){encoded, len});
    }
}

void op_negotiate_request(vector_case *c)
{
    csign_bytes message = case_bytes(c, "message");
    if (case_failed(c))
        return;
    csign_negotiate_request r;
    memset(&r, 0xA5, sizeof r);
    if (!case_expect_verdict(c, csign_negotiate_request_parse(&r, message))) {
        check_refused(c, &r, sizeof r);
        return;
    }
    case_object(c, "parsed");
    check_list(c, "parsed.dialects", r.dialects);
    case_expect_number(c, r.security_mode, "parsed.securityMode");
    case_expect_number(c, r.capabilities, "parsed.capabilities");
    check_view(c, "parsed.clientGuid", (csign_bytes){r.client_guid, 16});
    check_u64(c, "parsed.clientStartTime", r.client_start_time);
    check_contexts(c, &r.contexts);
    size_t len = 0;
    csign_status sized = csign_negotiate_request_encode(NULL, 0, &len, &r);
    uint8_t *encoded = case_alloc(c, len);
    csign_status status = csign_negotiate_request_encode(encoded, len, &len, &r);
    if (status == CSIGN_OK && sized != CSIGN_NO_SPACE)
        case_fail(c, "encoding into no space gives %s", csign_status_name(sized));
    check_canonical(c, status, encoded, len);
}

void op_negotiate_response(vector_case *c)
{
    csign_bytes message = case_bytes(c, "message");
    if (case_failed(c))
        return;
    csign_negotiate_response r;
    memset(&r, 0xA5, sizeof r);
    if (!case_expect_verdict(c, csign_negotiate_response_parse(&r, message))) {
        check_refused(c, &r, sizeof r);
        return;
    }
    case_object(c, "parsed");
    if (case_dialect(c, "parsed.dialect") != (csign_dialect)r.dialect)
        case_fail(c, "dialect is %04x", r.dialect);
    case_expect_number(c, r.security_mode, "parsed.securityMode");
    case_expect_number(c, r.capabilities, "parsed.capabilities");
    check_view(c, "parsed.serverGuid", (csign_bytes){r.server_guid, 16});
    case_expect_number(c, r.max_transact_size, "parsed.maxTransactSize");
    case_expect_number(c, r.max_read_size, "parsed.maxReadSize");
    case_expect_number(c, r.max_write_size, "parsed.maxWriteSize");
    check_u64(c, "parsed.systemTime", r.system_time);
    check_u64(c, "parsed.serverStartTime", r.server_start_time);
    check_view(c, "parsed.securityBuffer", r.security_buffer);
    check_contexts(c, &r.contexts);
    size_t len = 0;
    csign_status sized = csign_negotiate_response_encode(NULL, 0, &len, &r);
    uint8_t *encoded = case_alloc(c, len);
    csign_status status = csign_negotiate_response_encode(encoded, len, &len, &r);
    if (status == CSIGN_OK && sized != CSIGN_NO_SPACE)
        case_fail(c, "encoding into no space gives %s", csign_status_name(sized));
    check_canonical(c, status, encoded, len);
}

static csign_negotiate_policy read_policy(vector_case *c)
{
    csign_negotiate_policy p;
    csign_negotiate_policy_init(&p);
    if (!case_has(c, "policy"))
        return p;
    case_object(c, "policy");
    if (case_has(c, "policy.dialectMin"))
        p.dialect_min = case_dialect(c, "policy.dialectMin");
    if (case_has(c, "policy.dialectMax"))
        p.dialect_max = case_dialect(c, "policy.dialectMax");
    if (case_has(c, "policy.signing")) {
        p.signing_count = case_count(c, "policy.signing");
        if (p.signing_count > 3)
            case_fail(c, "policy.signing has room for 3");
        for (size_t i = 0; i < p.signing_count && i < 3; i++)
            p.signing[i] = case_algorithm(c, "policy.signing[%zu]", i);
    }
    if (case_has(c, "policy.ciphers")) {
        p.cipher_count = case_count(c, "policy.ciphers");
        if (p.cipher_count > 4)
            case_fail(c, "policy.ciphers has room for 4");
        for (size_t i = 0; i < p.cipher_count && i < 4; i++)
            p.ciphers[i] = case_cipher(c, "policy.ciphers[%zu]", i);
    }
    if (case_has(c, "policy.peerOrder"))
        p.peer_order = case_bool(c, "policy.peerOrder");
    if (case_has(c, "policy.refuseFallback"))
        p.refuse_fallback = case_bool(c, "policy.refuseFallback");
    if (case_has(c, "policy.capabilities"))
        p.capabilities = (uint32_t)case_number(c, "policy.capabilities");
    if (case_has(c, "policy.compression"))
        p.compression = case_bool(c, "policy.compression");
    if (case_has(c, "policy.transport"))
        p.transport = case_bool(c, "policy.transport");
    if (case_has(c, "policy.rdmaTransforms"))
        p.rdma_transforms = case_bool(c, "policy.rdmaTransforms");
    return p;
}

static void check_chosen(vector_case *c, csign_status status, const csign_negotiated *chosen)
{
    if (!case_expect_verdict(c, status)) {
        if (!case_is_null(c, "chosen"))
            case_fail(c, "a refusal has nothing chosen");
        return;
    }
    case_object(c, "chosen");
    if (case_dialect(c, "chosen.dialect") != chosen->dialect)
        case_fail(c, "dialect is %04x", (unsigned)chosen->dialect);
    if (case_algorithm(c, "chosen.signingAlgorithm") != chosen->signing_algorithm) {
        case_fail(c, "signingAlgorithm is %d", (int)chosen->signing_algorithm);
    }
    if (case_cipher(c, "chosen.cipher") != chosen->cipher)
        case_fail(c, "cipher is %d", (int)chosen->cipher);
    case_expect_bool(c, chosen->signing_negotiated, "chosen.signingNegotiated");
    case_expect_bool(c, chosen->cipher_negotiated, "chosen.cipherNegotiated");
    case_expect_number(c, chosen->preauth_hash, "chosen.preauthHash");
}

void op_negotiate_select(vector_case *c)
{
    csign_bytes message = case_bytes(c, "message");
    csign_negotiate_policy policy = read_policy(c);
    if (case_failed(c))
        return;
    csign_negotiate_request request;
    csign_negotiated chosen;
    memset(&chosen, 0xA5, sizeof chosen);
    csign_status status = csign_negotiate_request_parse(&request, message);
    if (status == CSIGN_OK)
        status = csign_negotiate_select(&chosen, &policy, &request);
    check_chosen(c, status, &chosen);
}

void op_negotiate_accept(vector_case *c)
{
    csign_bytes sent = case_bytes(c, "request");
    csign_bytes received = case_bytes(c, "response");
    if (case_failed(c))
        return;
    csign_negotiate_request request;
    csign_negotiate_response response;
    csign_negotiated chosen;
    memset(&chosen, 0xA5, sizeof chosen);
    csign_status status = csign_negotiate_request_parse(&request, sent);
    if (status != CSIGN_OK)
        case_fail(c, "the client's own request does not parse: %s", csign_status_name(status));
    if (status == CSIGN_OK)
        status = csign_negotiate_response_parse(&response, received);
    if (status == CSIGN_OK)
        status = csign_negotiate_accept(&chosen, &request, &response);
    check_chosen(c, status, &chosen);
}
