/* SPDX-License-Identifier: Apache-2.0 */
/* SESSION_SETUP (MS-SMB2 3.3.5.5): a new session, another authentication of one, or a channel bound to one. Who signs what:
   - the first authentication: only the last answer, with the key that it made;
   - another authentication: all, with the channel's key, which stays;
   - binding: all with the session's key, but the success, which is signed with the new channel's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/hex.h"
#include "auth.h"
#include "fingerprint.h"
#include "log.h"
#include "octets.h"
#include "setup.h"

#define FLAG_BINDING 0x01u
#define SESSION_FLAG_IS_GUEST 0x0001u
#define SESSION_FLAG_IS_NULL 0x0002u
#define SESSION_FLAG_ENCRYPT_DATA 0x0004u
#define MODE_REQUIRED 2u
#define MAX_CHANNELS 32u /* as smbd */

static uint32_t refuse(const struct request *request, const struct session *session, const char *rule, uint32_t status,
                       const char *why)
{
    log_refusal(request->connection, session, rule, status, "SESSION_SETUP: %s", why);
    return status;
}

/* ---- which session, and is the request what it says ---- */

/* Finds or makes the authentication that this request belongs to. */
static uint32_t begin_new(struct request *request, struct setup **out)
{
    struct connection *connection = request->connection;
    if (connection->channel_count + connection->setup_count >= MAX_SESSIONS || connection->setup_count >= MAX_SETUPS)
        return refuse(request, NULL, "bound", STATUS_INSUFFICIENT_RESOURCES, "too many sessions on this connection");
    struct session *session = session_new(connection->server);
    *out = session ? setup_new(connection, session) : NULL;
    if (session && !*out)
        session_end(session, STATUS_USER_SESSION_DELETED);
    return *out ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* The library's table, but for a session of 2.x on a connection of 3.x, which smbd refuses as any other dialect. */
static uint32_t bind_status(const struct session *session, const csign_negotiated *connection)
{
    uint32_t status;
    csign_session_bind_check(&session->keys, connection, &status);
    bool newer = session->keys.dialect < CSIGN_SMB_3_0 && connection->dialect >= CSIGN_SMB_3_0;
    return newer && status == STATUS_REQUEST_NOT_ACCEPTED ? STATUS_INVALID_PARAMETER : status;
}

/* 3.3.5.5, binding; the order as smbd answers. */
static uint32_t check_bind(struct request *request, struct session *session)
{
    const struct connection *connection = request->connection;
    bool is_signed = request->header.flags & CSIGN_FLAG_SIGNED;
    if (!session || !session->established)
        return refuse(request, session, "MS-SMB2 3.3.5.5", STATUS_USER_SESSION_DELETED,
                      "binding to a session that does not exist");
    if (session_channel(session, connection))
        return refuse(request, session, "MS-SMB2 3.3.5.5", STATUS_REQUEST_NOT_ACCEPTED,
                      "the session is on this connection already");
    if (session->guest || session->anonymous)
        return refuse(request, session, "MS-SMB2 3.3.5.5", STATUS_NOT_SUPPORTED, "a guest's session cannot be bound");
    if (!is_signed)
        return refuse(request, session, "MS-SMB2 3.3.5.5", STATUS_INVALID_PARAMETER, "binding has to be signed");
    request->mirrored = false;
    request->signer = &session->keys.signer;
    if (session->channel_count >= MAX_CHANNELS)
        return refuse(request, session, "MS-SMB2 3.3.5.5", STATUS_INSUFFICIENT_RESOURCES, "32 channels are the most");
    uint32_t status = bind_status(session, &connection->chosen);
    if (status)
        return refuse(request, session, "MS-SMB2 3.3.5.5", status,
                      "this connection's dialect, cipher or signing algorithm does not go with the session's");
    csign_status verdict = csign_verify(&session->keys.signer, request->element.data, request->element.len);
    if (verdict != CSIGN_OK)
        return refuse(request, session, "SRV-ANSWER-ACCESS-DENIED", csign_status_ntstatus(verdict),
                      csign_status_text(verdict));
    return STATUS_SUCCESS;
}

static uint32_t find_setup(struct request *request, struct session **session, struct setup **out)
{
    struct connection *connection = request->connection;
    uint64_t id = request->header.session_id;
    bool binding = request->body[2] & FLAG_BINDING;
    *session = id ? session_find(connection->server, id) : NULL;
    setup_drop_orphans(connection);
    *out = id ? setup_find(connection, id) : NULL;
    if (binding) {
        uint32_t status = check_bind(request, *session);
        if (status)
            return status;
    } else if (!id) {
        uint32_t status = begin_new(request, out);
        *session = *out ? session_find(connection->server, (*out)->session_id) : NULL;
        return status;
    } else if (!request->session && !(*out && *session && !(*session)->established)) {
        *session = NULL;
        return refuse(request, NULL, "MS-SMB2 3.3.5.5", STATUS_USER_SESSION_DELETED,
                      "there is no such session on this connection");
    }
    if (*out)
        return STATUS_SUCCESS;
    if (connection->setup_count >= MAX_SETUPS)
        return refuse(request, *session, "bound", STATUS_INSUFFICIENT_RESOURCES, "too many authentications at once");
    *out = setup_new(connection, *session);
    if (!*out)
        return STATUS_INSUFFICIENT_RESOURCES;
    (*out)->binding = binding;
    return STATUS_SUCCESS;
}

/* ---- what success makes ---- */

/* Of the first authentication, for good: whoever authenticates again later. */
static bool has_keys(const struct session *session)
{
    return session->keys.signing.len;
}

static void log_key(const struct request *request, const struct session *session, const char *name,
                    const csign_key *key)
{
    if (!key->len)
        return;
    char text[65];
    fingerprint(text, key->bytes, key->len);
    log_line(request->connection, session, "%s key: %zu bytes, fingerprint %s", name, key->len, text);
    if (request->server->settings->debug_keys)
        log_line(request->connection, session, "%s key: %s", name, hex_text(text, key->bytes, key->len));
}

static uint32_t establish(struct request *request, struct session *session, struct setup *setup,
                          const struct auth_identity *identity)
{
    struct connection *connection = request->connection;
    const struct settings *settings = connection->server->settings;
    struct channel *channel = session_add_channel(session, connection);
    if (!channel)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(session->user, identity->user, sizeof session->user);
    session->anonymous = identity->anonymous;
    if (!session->anonymous && !session->guest) {
        csign_bytes key = {identity->session_key, identity->session_key_len};
        csign_status status = csign_session_derive(&session->keys, &connection->chosen, key, setup->preauth.value);
        if (status != CSIGN_OK) {
            channel_end(channel);
            return refuse(request, session, "MS-SMB2 3.3.5.5.3", csign_status_ntstatus(status),
                          csign_status_text(status));
        }
        channel->signer = &session->keys.signer;
        request->signer = channel->signer; /* this answer already, whether or not signing is required */
        session->signing_required =
            settings->signing_required || ((connection->client_security_mode | request->body[3]) & MODE_REQUIRED);
        session->encryption_required = settings->encryption_required;
    }
    session->established = true;
    log_line(connection, session, "%s authenticated%s%s; signing %s, %s", session->user,
             session->guest ? " as guest" : "", session->anonymous ? " anonymously" : "",
             session->signing_required ? "required" : "offered", csign_backend_name(channel->signer));
    log_key(request, session, "signing", &session->keys.signing);
    log_key(request, session, "application", &session->keys.application);
    log_key(request, session, "client-to-server", &session->keys.client_to_server);
    log_key(request, session, "server-to-client", &session->keys.server_to_client);
    return STATUS_SUCCESS;
}

static uint32_t bind_channel(struct request *request, struct session *session, struct setup *setup,
                             const struct auth_identity *identity)
{
    struct connection *connection = request->connection;
    if (strcmp(session->user, identity->user) != 0)
        return refuse(request, session, "MS-SMB2 3.3.5.5.3", STATUS_ACCESS_DENIED, "another user");
    struct channel *channel = session_add_channel(session, connection);
    if (!channel)
        return STATUS_INSUFFICIENT_RESOURCES;
    csign_bytes key = {identity->session_key, identity->session_key_len};
    csign_status status =
        csign_session_bind(&channel->bound, &session->keys, &connection->chosen, key, setup->preauth.value);
    if (status != CSIGN_OK) {
        channel_end(channel);
        return refuse(request, session, "MS-SMB2 3.3.5.5.3", csign_status_ntstatus(status), csign_status_text(status));
    }
    channel->signer = &channel->bound.signer;
    request->signer = channel->signer;
    log_line(connection, session, "bound; signing with %s", csign_backend_name(channel->signer));
    log_key(request, session, "channel signing", &channel->bound.signing);
    return STATUS_SUCCESS;
}

/* ---- a step ---- */

static uint32_t lay(struct request *request, const struct session *session, const uint8_t *token, size_t token_len,
                    uint32_t status)
{
    uint8_t *body = reply(request, 8 + token_len);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le16(body, 9);
    unsigned flags = status ? 0
                            : (session->guest ? SESSION_FLAG_IS_GUEST : 0) |
                                  (session->anonymous && !has_keys(session) ? SESSION_FLAG_IS_NULL : 0) |
                                  (session->encryption_required ? SESSION_FLAG_ENCRYPT_DATA : 0);
    store_le16(body + 2, flags);
    store_le16(body + 4, CSIGN_HEADER_LEN + 8);
    store_le16(body + 6, (unsigned)token_len);
    if (token_len)
        memcpy(body + 8, token, token_len);
    return status;
}

static uint32_t finish(struct request *request, struct session *session, struct setup *setup,
                       const struct auth_identity *identity)
{
    struct server *server = request->server;
    uint64_t previous = load_le64(request->body + 16);
    if (setup->binding)
        return bind_channel(request, session, setup, identity);
    if (session->established) { /* 3.3.5.5.3: the keys stay */
        memcpy(session->user, identity->user, sizeof session->user);
        session->anonymous = identity->anonymous || (session->anonymous && !has_keys(session));
        log_line(request->connection, session, "authenticated again as %s; the keys stay", session->user);
        return STATUS_SUCCESS;
    }
    uint32_t status = establish(request, session, setup, identity);
    struct session *old = status || previous == session->id ? NULL : session_find(server, previous);
    if (old && old->established && !strcmp(old->user, session->user)) {
        log_line(request->connection, session, "replaces session %016llx (PreviousSessionId)",
                 (unsigned long long)previous);
        session_end(old, STATUS_USER_SESSION_DELETED);
    }
    return status;
}

uint32_t serve_session_setup(struct request *request)
{
    struct connection *connection = request->connection;
    csign_bytes token;
    if (!request_buffer(request, load_le16(request->body + 12), load_le16(request->body + 14), &token))
        return refuse(request, request->session, "MS-SMB2 3.3.5.5", STATUS_INVALID_PARAMETER,
                      "the security buffer is not inside the message");
    /* An answer before is hashed when it is signed, and what follows may end its session. */
    if (!chain_send(request->chain))
        return STATUS_INSUFFICIENT_RESOURCES;
    if (request->server->settings->encryption_required && connection->chosen.cipher == CSIGN_CIPHER_NONE)
        return refuse(request, request->session, "MS-SMB2 3.3.5.5", STATUS_ACCESS_DENIED,
                      "encryption is required, and this connection has no cipher");
    struct session *session;
    struct setup *setup;
    uint32_t status = find_setup(request, &session, &setup);
    if (status)
        return status;
    request->header.session_id = session->id;
    csign_preauth_update(&setup->preauth, request->element);

    struct auth_identity identity = {0};
    char why[256] = "";
    uint8_t *out;
    size_t out_len;
    enum auth_result result = auth_step(setup->auth, token, &out, &out_len, &identity, why, sizeof why);
    switch (result) {
    case AUTH_CONTINUE:
        status = lay(request, session, out, out_len, STATUS_MORE_PROCESSING_REQUIRED);
        request->chain->preauth = &setup->preauth;
        break;
    case AUTH_DONE:
        status = finish(request, session, setup, &identity);
        if (!status)
            status = lay(request, session, out, out_len, STATUS_SUCCESS);
        break;
    case AUTH_FAILED:
        if (request->server->settings->guests && !session->established) {
            session->guest = true;
            snprintf(identity.user, sizeof identity.user, "guest");
            status = establish(request, session, setup, &identity);
            if (!status)
                status = lay(request, session, AUTH_ACCEPTED, sizeof AUTH_ACCEPTED, STATUS_SUCCESS);
            break;
        }
        status = refuse(request, session, "MS-SMB2 3.3.5.5.3", STATUS_LOGON_FAILURE, why);
        /* A session whose user failed to authenticate again is at its end; one that somebody failed to bind to is not. */
        if (session->established && !setup->binding) {
            request->session = session;
            request->ends_session = true;
        }
        break;
    }
    free(out);
    explicit_bzero(&identity, sizeof identity);
    if (result != AUTH_CONTINUE)
        setup_end(connection, setup);
    return status;
}
