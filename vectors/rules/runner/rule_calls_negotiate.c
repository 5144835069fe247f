/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of negotiate.h. */
#include <stdlib.h>
#include <string.h>

#include "rule_test.h"

static void put_contexts(json_t *got, const csign_negotiate_contexts *contexts)
{
    put_status_as(got, "contexts_status", contexts->contexts_status);
    put_bool(got, "has_preauth", contexts->has_preauth);
    put_list(got, "preauth_hashes", contexts->preauth_hashes);
    put_bytes(got, "preauth_salt", contexts->preauth_salt.data, contexts->preauth_salt.len);
    put_bool(got, "has_encryption", contexts->has_encryption);
    put_list(got, "ciphers", contexts->ciphers);
    put_bool(got, "has_compression", contexts->has_compression);
    put_status_as(got, "compression_status", contexts->compression_status);
    put_list(got, "compression_algorithms", contexts->compression_algorithms);
    put_number(got, "compression_flags", contexts->compression_flags);
    put_bool(got, "has_netname", contexts->has_netname);
    put_bytes(got, "netname", contexts->netname.data, contexts->netname.len);
    put_bool(got, "has_transport", contexts->has_transport);
    put_status_as(got, "transport_status", contexts->transport_status);
    put_number(got, "transport_flags", contexts->transport_flags);
    put_bool(got, "has_rdma", contexts->has_rdma);
    put_status_as(got, "rdma_status", contexts->rdma_status);
    put_list(got, "rdma_transforms", contexts->rdma_transforms);
    put_bool(got, "has_signing", contexts->has_signing);
    put_list(got, "signing_algorithms", contexts->signing_algorithms);
    put_bool(got, "has_posix", contexts->has_posix);
    put_bytes(got, "posix", contexts->posix.data, contexts->posix.len);
}

static void run_parse_request(json_t *args, json_t *got)
{
    csign_negotiate_request request;
    put_status(got, csign_negotiate_request_parse(&request, take_bytes(args, "message")));
    put_list(got, "dialects", request.dialects);
    put_u64(got, "client_start_time", request.client_start_time);
    put_contexts(got, &request.contexts);
}

static void run_parse_response(json_t *args, json_t *got)
{
    csign_negotiate_response response;
    put_status(got, csign_negotiate_response_parse(&response, take_bytes(args, "message")));
    put_number(got, "dialect", response.dialect);
    put_bytes(got, "security_buffer", response.security_buffer.data, response.security_buffer.len);
    put_contexts(got, &response.contexts);
}

/* What stands between the contexts of a request: their types, their Reserved fields, all padding bytes or-ed. Read by walking them here. */
static void put_context_headers(json_t *got, const uint8_t *message, size_t len)
{
    json_t *types = json_array();
    json_t *reserved = json_array();
    unsigned padding = 0;
    size_t at = message[92] + 256u * message[93];
    for (unsigned i = message[96]; i > 0 && at + 8 <= len; i--) {
        const uint8_t *p = message + at;
        (void)json_array_append_new(types, json_integer(p[0] + 256u * p[1]));
        (void)json_array_append_new(reserved,
                                    json_integer(p[4] + 256u * p[5] + 65536u * p[6] + ((json_int_t)p[7] << 24)));
        at += 8 + p[2] + 256u * p[3];
        for (; at % 8 != 0; at++) {
            padding |= at < len ? message[at] : 0;
        }
    }
    (void)json_object_set_new(got, "out_types", types);
    (void)json_object_set_new(got, "out_reserved", reserved);
    put_number(got, "out_padding", padding);
}

static void run_reencode_request(json_t *args, json_t *got)
{
    uint8_t out[4096] = {0};
    size_t out_len = 0;
    csign_negotiate_request request;
    csign_status status = csign_negotiate_request_parse(&request, take_bytes(args, "message"));
    if (status == CSIGN_OK) {
        status = csign_negotiate_request_encode(out, sizeof out, &out_len, &request);
    }
    put_status(got, status);
    if (status == CSIGN_OK) {
        put_number(got, "out_len", (json_int_t)out_len);
        put_context_headers(got, out, out_len);
    }
}

static void take_names(json_t *policy, const char *name, size_t max, size_t *count,
                       void (*set)(void *, size_t, const char *), void *list)
{
    json_t *names = take_object(policy, name);
    *count = json_array_size(names);
    if (*count > max) {
        test_error("too many", name);
    }
    for (size_t i = 0; i < *count; i++) {
        set(list, i, json_string_value(json_array_get(names, i)));
    }
    json_decref(names);
}

static void set_algorithm(void *list, size_t i, const char *name)
{
    ((csign_signing_algorithm *)list)[i] = algorithm_number(name);
}

static void set_cipher(void *list, size_t i, const char *name)
{
    ((csign_cipher *)list)[i] = cipher_number(name);
}

/* The default with what the test changes. */
static csign_negotiate_policy take_policy(json_t *args)
{
    csign_negotiate_policy policy;
    csign_negotiate_policy_init(&policy);
    json_t *changes = take_object(args, "policy");
    const struct {
        const char *name;
        bool *field;
    } flags[] = {{"peer_order", &policy.peer_order},
                 {"refuse_fallback", &policy.refuse_fallback},
                 {"compression", &policy.compression},
                 {"transport", &policy.transport},
                 {"rdma_transforms", &policy.rdma_transforms}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (has(changes, flags[i].name)) {
            *flags[i].field = take_bool(changes, flags[i].name) != 0;
        }
    }
    if (has(changes, "dialect_min")) {
        policy.dialect_min = (csign_dialect)take_number(changes, "dialect_min");
    }
    if (has(changes, "dialect_max")) {
        policy.dialect_max = (csign_dialect)take_number(changes, "dialect_max");
    }
    if (has(changes, "capabilities")) {
        policy.capabilities = (uint32_t)take_number(changes, "capabilities");
    }
    if (has(changes, "signing")) {
        take_names(changes, "signing", 3, &policy.signing_count, set_algorithm, policy.signing);
    }
    if (has(changes, "ciphers")) {
        take_names(changes, "ciphers", 4, &policy.cipher_count, set_cipher, policy.ciphers);
    }
    if (json_object_size(changes) != 0) {
        test_error("a policy field that no call takes", json_object_iter_key(json_object_iter(changes)));
    }
    json_decref(changes);
    return policy;
}

static void put_negotiated(json_t *got, const csign_negotiated *negotiated)
{
    put_number(got, "dialect", negotiated->dialect);
    put_algorithm(got, "signing_algorithm", negotiated->signing_algorithm);
    put_bool(got, "signing_negotiated", negotiated->signing_negotiated);
    put_cipher(got, "cipher", negotiated->cipher);
    put_bool(got, "cipher_negotiated", negotiated->cipher_negotiated);
    put_number(got, "preauth_hash", negotiated->preauth_hash);
}

static csign_status select_from(json_t *args, csign_negotiate_request *request, csign_negotiated *chosen)
{
    csign_negotiate_policy policy = take_policy(args);
    csign_status status = csign_negotiate_request_parse(request, take_bytes(args, "message"));
    return status != CSIGN_OK ? status : csign_negotiate_select(chosen, &policy, request);
}

static void run_select(json_t *args, json_t *got)
{
    csign_negotiate_request request;
    csign_negotiated chosen;
    memset(&chosen, 0, sizeof chosen);
    put_status(got, select_from(args, &request, &chosen));
    put_negotiated(got, &chosen);
}

static void run_respond(json_t *args, json_t *got)
{
    static const uint8_t salt[16] = {0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47,
                                     0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F};
    csign_negotiate_request request;
    csign_negotiated chosen;
    csign_negotiate_response response;
    memset(&response, 0, sizeof response);
    csign_status status = select_from(args, &request, &chosen);
    if (status == CSIGN_OK) {
        status = csign_negotiate_respond(&response, &chosen, &request, (csign_bytes){salt, sizeof salt});
    }
    put_status(got, status);
    put_number(got, "flags", response.header.flags);
    put_u64(got, "message_id", response.header.message_id);
    put_contexts(got, &response.contexts);
}

static void run_accept(json_t *args, json_t *got)
{
    csign_negotiate_request sent;
    csign_negotiate_response response;
    csign_negotiated agreed;
    memset(&agreed, 0, sizeof agreed);
    csign_status status = csign_negotiate_request_parse(&sent, take_bytes(args, "request"));
    if (status != CSIGN_OK) {
        test_error("the client's own request does not parse", csign_status_name(status));
    }
    status = csign_negotiate_response_parse(&response, take_bytes(args, "response"));
    if (status == CSIGN_OK) {
        status = csign_negotiate_accept(&agreed, &sent, &response);
    }
    put_status(got, status);
    put_negotiated(got, &agreed);
}

const rule_call negotiate_calls[] = {{"parse_request", run_parse_request},
                                     {"parse_response", run_parse_response},
                                     {"reencode_request", run_reencode_request},
                                     {"select", run_select},
                                     {"respond", run_respond},
                                     {"accept", run_accept},
                                     {NULL, NULL}};
