/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of keys.h, preauth.h and the key derivation of crypto.h. */
#include <string.h>

#include "rule_test.h"

static void run_kdf(json_t *args, json_t *got)
{
    uint8_t out[64] = {0};
    size_t out_len = (size_t)take_number(args, "out_len");
    csign_bytes key = take_bytes(args, "key");
    csign_bytes label = take_bytes(args, "label");
    put_status(got, csign_kdf_sp800_108(out, out_len, key, label, take_bytes(args, "context")));
    put_bytes(got, "out", out, out_len);
}

static void run_derive_key(json_t *args, json_t *got)
{
    uint8_t out[32] = {0};
    size_t out_len = (size_t)take_number(args, "out_len");
    csign_key_purpose purpose = take_purpose(args, "purpose");
    csign_dialect dialect = (csign_dialect)take_number(args, "dialect");
    csign_bytes session_key = take_bytes(args, "session_key");
    put_status(got, csign_derive_key(out, out_len, purpose, dialect, session_key, take_bytes(args, "preauth").data));
    put_bytes(got, "out", out, out_len);
}

static csign_negotiated take_negotiated(json_t *args, const char *name)
{
    json_t *fields = take_object(args, name);
    csign_negotiated negotiated;
    memset(&negotiated, 0, sizeof negotiated);
    negotiated.dialect = (csign_dialect)take_number(fields, "dialect");
    negotiated.signing_algorithm = take_algorithm(fields, "signing_algorithm");
    negotiated.signing_negotiated = take_bool(fields, "signing_negotiated") != 0;
    negotiated.cipher = take_cipher(fields, "cipher");
    negotiated.cipher_negotiated = take_bool(fields, "cipher_negotiated") != 0;
    negotiated.preauth_hash = (uint16_t)take_number(fields, "preauth_hash");
    json_decref(fields);
    return negotiated;
}

/* Which algorithm a signer computes with, told by comparing its MAC of a fixed header with that of a signer made for each. */
static void put_signer(json_t *got, const csign_signer *signer, const csign_key *key)
{
    static const uint8_t header[64] = {0xFE, 'S', 'M', 'B', 64};
    for (unsigned algorithm = CSIGN_HMAC_SHA256; algorithm <= CSIGN_AES_GMAC && key->len == 16; algorithm++) {
        csign_signer other;
        uint8_t tag[16];
        uint8_t other_tag[16];
        if (csign_signer_init(&other, (csign_signing_algorithm)algorithm, key->bytes) == CSIGN_OK &&
            csign_mac(signer, tag, header, NULL, 0) == CSIGN_OK &&
            csign_mac(&other, other_tag, header, NULL, 0) == CSIGN_OK && memcmp(tag, other_tag, sizeof tag) == 0) {
            put_algorithm(got, "signer", (csign_signing_algorithm)algorithm);
        }
    }
}

static csign_status take_session(json_t *args, csign_session *session)
{
    csign_negotiated negotiated = take_negotiated(args, "negotiated");
    csign_bytes key = take_bytes(args, "session_key");
    return csign_session_derive(session, &negotiated, key, take_bytes(args, "preauth").data);
}

static void run_session(json_t *args, json_t *got)
{
    csign_session session;
    put_status(got, take_session(args, &session));
    put_bytes(got, "signing", session.signing.bytes, session.signing.len);
    put_bytes(got, "application", session.application.bytes, session.application.len);
    put_bytes(got, "client_to_server", session.client_to_server.bytes, session.client_to_server.len);
    put_bytes(got, "server_to_client", session.server_to_client.bytes, session.server_to_client.len);
    put_number(got, "client_to_server_len", (json_int_t)session.client_to_server.len);
    put_number(got, "server_to_client_len", (json_int_t)session.server_to_client.len);
    put_signer(got, &session.signer, &session.signing);
    csign_session_wipe(&session);
}

static void run_bind(json_t *args, json_t *got)
{
    csign_session session;
    csign_channel channel;
    uint32_t ntstatus = 0;
    json_t *first = take_object(args, "session");
    csign_status status = take_session(first, &session);
    json_decref(first);
    if (status != CSIGN_OK) {
        test_error("the session itself is refused", csign_status_name(status));
    }
    csign_negotiated connection = take_negotiated(args, "connection");
    csign_bytes key = take_bytes(args, "session_key");
    status = csign_session_bind(&channel, &session, &connection, key, take_bytes(args, "preauth").data);
    put_status(got, status);
    put_bytes(got, "signing", channel.signing.bytes, channel.signing.len);
    put_signer(got, &channel.signer, &channel.signing);
    if (csign_session_bind_check(&session, &connection, &ntstatus) != status) {
        test_error("csign_session_bind_check and csign_session_bind disagree", csign_status_name(status));
    }
    put_number(got, "ntstatus", ntstatus);
}

static void run_preauth(json_t *args, json_t *got)
{
    csign_preauth chain;
    csign_preauth_init(&chain);
    if (has(args, "start")) {
        memcpy(chain.value, take_bytes(args, "start").data, sizeof chain.value);
    }
    bool one_message = has(args, "parts"); /* "parts" are one message, "messages" are many */
    json_t *list = take_object(args, one_message ? "parts" : "messages");
    csign_bytes parts[8];
    size_t count = json_array_size(list);
    if (count > 8) {
        test_error("too many", "messages");
    }
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_pack("{sO}", "item", json_array_get(list, i));
        parts[i] = take_bytes(item, "item");
        json_decref(item);
    }
    json_decref(list);
    if (one_message) {
        csign_preauth_update_parts(&chain, parts, count);
    }
    for (size_t i = 0; i < count && !one_message; i++) {
        csign_preauth_update(&chain, parts[i]);
    }
    put_status(got, CSIGN_OK);
    put_bytes(got, "value", chain.value, sizeof chain.value);
}

const rule_call key_calls[] = {{"kdf", run_kdf},   {"derive_key", run_derive_key}, {"session", run_session},
                               {"bind", run_bind}, {"preauth", run_preauth},       {NULL, NULL}};
