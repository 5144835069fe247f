/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE (MS-SMB2 3.3.5.3, 3.3.5.4): parse, select and encode are the library's; what is left is the connection's state, the hash, and
   the log. */
#include "negotiate.h"

#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "max_io.h"
#include "log.h"
#include "octets.h"

#define SALT_LEN 32
#define CAP_LARGE_MTU 0x04u
#define CAP_MULTI_CHANNEL 0x08u
#define MODE_ENABLED 1u
#define MODE_REQUIRED 2u
#define DIALECT_WILDCARD 0x02FFu

static const char *const SIGNING[] = {"HMAC-SHA256", "AES-128-CMAC", "AES-128-GMAC"};
static const char *const CIPHERS[] = {"none", "AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM"};

static void list(char *out, size_t size, csign_u16_list ids, const char *const *names, size_t name_count)
{
    size_t n = 0;
    *out = 0;
    for (size_t i = 0; i < ids.count && n < size; i++) {
        uint16_t id = csign_u16_at(ids, i);
        const char *space = i ? " " : "";
        n += (size_t)(id < name_count ? snprintf(out + n, size - n, "%s%s", space, names[id])
                                      : snprintf(out + n, size - n, "%s0x%04X", space, id));
    }
}

static void log_choice(const struct connection *connection, const csign_negotiate_request *in)
{
    const csign_negotiated *chosen = &connection->chosen;
    char dialects[128];
    list(dialects, sizeof dialects, in->dialects, NULL, 0);
    log_line(connection, NULL, "NEGOTIATE: dialects offered %s, chosen 0x%04X, the greatest in common", dialects,
             (unsigned)chosen->dialect);
    if (chosen->dialect == CSIGN_SMB_3_1_1) {
        char signing[128], ciphers[128];
        list(signing, sizeof signing, in->signing_algorithms, SIGNING, 3);
        list(ciphers, sizeof ciphers, in->ciphers, CIPHERS, 5);
        log_line(connection, NULL, "contexts: PREAUTH_INTEGRITY%s%s%s%s%s%s%s",
                 in->has_encryption ? ", ENCRYPTION" : "", in->has_signing ? ", SIGNING" : "",
                 in->has_compression ? ", COMPRESSION" : "", in->has_netname ? ", NETNAME" : "",
                 in->has_transport ? ", TRANSPORT" : "", in->has_rdma ? ", RDMA_TRANSFORM" : "",
                 in->has_posix ? ", POSIX" : "");
        if (in->has_signing)
            log_line(connection, NULL, "signing algorithms offered: %s", signing);
        if (in->has_encryption)
            log_line(connection, NULL, "ciphers offered: %s", ciphers);
    }
    const char *why = chosen->dialect < CSIGN_SMB_3_0     ? "the only one of 2.x"
                      : chosen->dialect < CSIGN_SMB_3_1_1 ? "the only one of 3.0"
                      : chosen->signing_negotiated
                          ? connection->server->settings->policy.peer_order ? "the peer's order" : "the local order"
                      : in->has_signing ? "no algorithm in common: the fallback of 3.1.1"
                                        : "no SIGNING context: the fallback of 3.1.1";
    log_line(connection, NULL, "signing with %s (%s), cipher %s", SIGNING[chosen->signing_algorithm], why,
             CIPHERS[chosen->cipher]);
}

void negotiate_describe(const struct connection *connection, csign_negotiate_response *out)
{
    const struct server *server = connection->server;
    bool large = out->dialect >= CSIGN_SMB_2_1;
    out->security_mode = (uint16_t)(MODE_ENABLED | (server->settings->signing_required ? MODE_REQUIRED : 0));
    if (large)
        out->capabilities |= CAP_LARGE_MTU;
    if (out->dialect >= CSIGN_SMB_3_0 && out->dialect <= CSIGN_SMB_3_1_1)
        out->capabilities |= CAP_MULTI_CHANNEL;
    if (out->dialect >= CSIGN_SMB_3_0 && out->dialect < CSIGN_SMB_3_1_1 &&
        connection->chosen.cipher != CSIGN_CIPHER_NONE)
        out->capabilities |= CSIGN_CAP_ENCRYPTION;
    out->max_transact_size = large ? MAX_TRANSACT : 65536;
    out->max_read_size = out->max_write_size = large ? MAX_READ_WRITE : 65536;
    memcpy(out->server_guid, server->guid, sizeof out->server_guid);
    out->system_time = now_filetime();
    out->server_start_time = 0;
}

static size_t encode(const csign_negotiate_response *response, uint8_t *out, size_t capacity)
{
    size_t len;
    return csign_negotiate_response_encode(out, capacity, &len, response) == CSIGN_OK ? len : 0;
}

static uint32_t respond(struct request *request, const csign_negotiate_request *in)
{
    struct connection *connection = request->connection;
    uint8_t salt[SALT_LEN];
    evutil_secure_rng_get_bytes(salt, sizeof salt);
    csign_negotiate_response out;
    csign_status status = csign_negotiate_respond(&out, &connection->chosen, in, (csign_bytes){salt, sizeof salt});
    if (status != CSIGN_OK)
        return csign_status_ntstatus(status);
    negotiate_describe(connection, &out);
    size_t hint_len;
    uint8_t *hint = auth_hint(&hint_len);
    out.security_buffer = (csign_bytes){hint, hint_len};
    size_t len = 0;
    csign_negotiate_response_encode(NULL, 0, &len, &out);
    uint8_t *whole = malloc(len);
    uint8_t *body = whole && encode(&out, whole, len) == len ? reply(request, len - CSIGN_HEADER_LEN) : NULL;
    if (body)
        memcpy(body, whole + CSIGN_HEADER_LEN,
               len - CSIGN_HEADER_LEN); /* chain.c lays the header, as for every command */
    free(whole);
    free(hint);
    return body ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

uint32_t serve_negotiate(struct request *request)
{
    struct connection *connection = request->connection;
    const csign_negotiate_policy *policy = &connection->server->settings->policy;
    if (connection->negotiated) {
        connection_drop(connection, "MS-SMB2 3.3.5.4", "a second NEGOTIATE");
        return STATUS_INVALID_PARAMETER;
    }
    csign_negotiate_request in;
    csign_status status = csign_negotiate_request_parse(&in, request->element);
    if (status == CSIGN_OK)
        status = csign_negotiate_select(&connection->chosen, policy, &in);
    if (status != CSIGN_OK) {
        bool contexts = in.contexts_status != CSIGN_OK;
        log_refusal(connection, NULL, "MS-SMB2 3.3.5.4", csign_status_ntstatus(status), "NEGOTIATE: %s%s",
                    csign_status_text(status), contexts ? ", in the contexts" : "");
        return csign_status_ntstatus(status);
    }
    memcpy(connection->client_guid, in.client_guid, sizeof connection->client_guid);
    connection->client_security_mode = in.security_mode;
    connection->client_capabilities = in.capabilities;
    csign_preauth_update(&connection->preauth, request->element);
    uint32_t answer = respond(request, &in);
    if (answer)
        return answer;
    connection->negotiated = true;
    request->chain->preauth = &connection->preauth;
    log_choice(connection, &in);
    return STATUS_SUCCESS;
}

/* 3.3.5.3: an answer with the wildcard, or with 2.0.2 for a client that knows nothing newer; not part of the hash. */
void negotiate_multi_protocol(struct connection *connection, csign_bytes message)
{
    static const char wildcard[] = "\x02SMB 2.???", oldest[] = "\x02SMB 2.002";
    const csign_negotiate_policy *policy = &connection->server->settings->policy;
    bool any = false, old = false;
    /* Dialect strings, each behind its 0x02 and with its NUL, from byte 35 on. */
    for (size_t i = 35; i + sizeof wildcard <= message.len; i++) {
        any |= !memcmp(message.data + i, wildcard, sizeof wildcard);
        old |= !memcmp(message.data + i, oldest, sizeof oldest);
    }
    any = any && policy->dialect_max > CSIGN_SMB_2_0_2;
    old = old && policy->dialect_min == CSIGN_SMB_2_0_2;
    if (!any && !old) {
        connection_drop(connection, "MS-SMB2 3.3.5.3", "SMB1");
        return;
    }
    csign_negotiate_response out = {.header = {.credits = 1}, .dialect = any ? DIALECT_WILDCARD : CSIGN_SMB_2_0_2};
    negotiate_describe(connection, &out);
    size_t hint_len;
    uint8_t *hint = auth_hint(&hint_len);
    out.security_buffer = (csign_bytes){hint, hint_len};
    struct frame *frame = frame_new();
    size_t len = 0;
    csign_negotiate_response_encode(NULL, 0, &len, &out);
    uint8_t *at = frame && len ? frame_begin(frame) : NULL;
    if (at && frame_extend(frame, len - CSIGN_HEADER_LEN) &&
        encode(&out, frame->data + frame->elements[0].offset, len) == len) {
        store_le32(frame->data + frame->elements[0].offset + 16, CSIGN_FLAG_SERVER_TO_REDIR);
        connection_queue(connection, frame);
        log_line(connection, NULL, "SMB1 NEGOTIATE answered with 0x%04X", out.dialect);
    } else {
        frame_free(frame);
        connection_drop(connection, "memory", "no memory for an answer");
    }
    free(hint);
    connection->multi_protocol = true;
    credits_use(&connection->credits, 0, 1); /* MessageId 0 is the SMB1 NEGOTIATE's */
    credits_grant(&connection->credits, 1);
    if (!any) {
        connection->chosen = (csign_negotiated){.dialect = CSIGN_SMB_2_0_2, .signing_algorithm = CSIGN_HMAC_SHA256};
        connection->negotiated = true;
    }
}
