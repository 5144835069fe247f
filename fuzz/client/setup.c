/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE and SESSION_SETUP as the client follows them (MS-SMB2 3.2.5.2, 3.2.5.3): keys come from what it sent and got, never from the server. */
#include "auth_fake.h"
#include "client.h"
#include "fuzz/fuzz.h"
#include "interop/server/octets.h"

#define BINDING 1u
#define MODE_REQUIRED 2u

void client_negotiated(struct client *client, unsigned c, const struct sent *sent, csign_bytes element, bool alone)
{
    struct client_connection *connection = &client->connections[c];
    csign_negotiate_request request;
    csign_negotiate_response response;
    if (load_le32(element.data + 8))
        return;
    CHECK(csign_negotiate_request_parse(&request, sent->element) == CSIGN_OK &&
              csign_negotiate_response_parse(&response, element) == CSIGN_OK &&
              csign_negotiate_accept(&connection->chosen, &request, &response) == CSIGN_OK,
          "the client takes what the server chose");
    connection->negotiated = true;
    connection->odd = !alone;
    connection->security_mode = request.security_mode;
    csign_preauth_update(&connection->chain, sent->element);
    csign_preauth_update(&connection->chain, element);
}

/* The session of an authentication may have been ended by the other connection. */
static void drop_orphans(struct client *client, struct client_connection *connection)
{
    for (size_t i = connection->setup_count; i-- > 0;) {
        const struct client_session *session = client_find(client, connection->setups[i].session_id);
        if (session && session->ended)
            connection->setups[i] = connection->setups[--connection->setup_count];
    }
}

static struct client_setup *setup_of(struct client *client, struct client_connection *connection, uint64_t id,
                                     bool binding)
{
    for (size_t i = 0; i < connection->setup_count; i++)
        if (connection->setups[i].session_id == id)
            return &connection->setups[i];
    drop_orphans(client, connection);
    CHECK(connection->setup_count < SETUPS, "authentications in flight are bounded");
    struct client_setup *setup = &connection->setups[connection->setup_count++];
    *setup = (struct client_setup){id, binding, connection->odd, connection->chain};
    return setup;
}

static struct client_session *session_of(struct client *client, uint64_t id)
{
    struct client_session *session = client_find(client, id);
    if (!session) {
        CHECK(client->session_count < SESSIONS, "the target stops before it has too many sessions");
        session = &client->sessions[client->session_count++];
        *session = (struct client_session){.id = id};
    }
    return session;
}

static struct session *servers(const struct client *client, const struct client_session *session)
{
    return session_find(client->server, session->id);
}

static csign_bytes key_of(const struct auth_fake_step *step)
{
    return (csign_bytes){step->identity.session_key, step->identity.session_key_len};
}

static void establish(struct client *client, unsigned c, struct client_session *session,
                      const struct client_setup *setup, const struct auth_fake_step *step, const uint8_t *body)
{
    const struct client_connection *connection = &client->connections[c];
    const struct settings *settings = client->server->settings;
    session->established = session->channels[c].on = true;
    session->guest = step->result == AUTH_FAILED;
    session->anonymous = step->identity.anonymous;
    if (session->guest || session->anonymous)
        return;
    const struct session *found = servers(client, session);
    session->unknowable = setup->odd && !found;
    if (setup->odd)
        session->keys = found ? found->keys : session->keys;
    else
        CHECK(csign_session_derive(&session->keys, &connection->chosen, key_of(step), setup->chain.value) == CSIGN_OK,
              "the client has keys if the server has");
    session->channels[c].signer = session->keys.signer;
    session->signing_required = settings->signing_required || ((connection->security_mode | body[3]) & MODE_REQUIRED);
    session->encryption_required = settings->encryption_required && session->keys.cipher != CSIGN_CIPHER_NONE;
}

static void bind_channel(struct client *client, unsigned c, struct client_session *session,
                         const struct client_setup *setup, const struct auth_fake_step *step, const struct sent *sent)
{
    csign_channel channel;
    CHECK(csign_verify(&session->keys.signer, sent->element.data, sent->element.len) == CSIGN_OK,
          "only who has the session's key binds to it");
    CHECK(!strcmp(session->user, step->identity.user), "only the session's user binds to it");
    session->channels[c].on = true;
    if (setup->odd) {
        struct session *found = servers(client, session);
        struct channel *its = found ? session_channel(found, client->connections[c].server) : NULL;
        session->unknowable = !its;
        if (its)
            session->channels[c].signer = *its->signer;
        return;
    }
    CHECK(csign_session_bind(&channel, &session->keys, &client->connections[c].chosen, key_of(step),
                             setup->chain.value) == CSIGN_OK,
          "the client has a channel if the server has");
    session->channels[c].signer = channel.signer;
}

static void succeed(struct client *client, unsigned c, struct client_session *session, const struct client_setup *setup,
                    const struct auth_fake_step *step, const struct sent *sent)
{
    const uint8_t *body = sent->element.data + CSIGN_HEADER_LEN;
    bool first = !session->established;
    if (setup->binding) {
        bind_channel(client, c, session, setup, step, sent);
        return;
    }
    if (first)
        establish(client, c, session, setup, step, body);
    memcpy(session->user, session->guest && first ? "guest" : step->identity.user,
           session->guest && first ? 6 : sizeof session->user);
    struct client_session *previous = client_find(client, load_le64(body + 16));
    if (first && step->result == AUTH_DONE && previous && previous != session && previous->established &&
        !strcmp(previous->user, session->user))
        previous->ended = true;
}

void client_set_up(struct client *client, unsigned c, const struct sent *sent, csign_bytes element, bool alone)
{
    struct client_connection *connection = &client->connections[c];
    uint32_t status = load_le32(element.data + 8);
    struct auth_fake_step step;
    bool taken = auth_fake_take(sent->at, &step);
    CHECK(taken || (status && status != STATUS_MORE_PROCESSING_REQUIRED), "nobody is let in who was not authenticated");
    if (!taken)
        return;
    uint64_t id = load_le64(element.data + 40);
    struct client_session *session = session_of(client, id);
    CHECK(!sent->session || sent->authentic || !(sent->session->signing_required || sent->session->encryption_required),
          "no authentication goes on by a request that is not rightly signed");
    struct client_setup *setup = setup_of(client, connection, id, sent->element.data[CSIGN_HEADER_LEN + 2] & BINDING);
    CHECK(!setup->binding || csign_verify(&session->keys.signer, sent->element.data, sent->element.len) == CSIGN_OK,
          "each leg of a binding is signed with the session's key");
    setup->odd |= !alone || sent->header.next_command;
    csign_preauth_update(&setup->chain, sent->element);
    if (step.result == AUTH_CONTINUE) {
        if (status == STATUS_MORE_PROCESSING_REQUIRED)
            csign_preauth_update(&setup->chain, element);
        return;
    }
    CHECK(step.result == AUTH_DONE || status || client->server->settings->guests, "who fails is not let in");
    if (!status)
        succeed(client, c, session, setup, &step, sent);
    else if (!session->established || (step.result == AUTH_FAILED && !setup->binding))
        session->ended = true;
    *setup = connection->setups[--connection->setup_count];
}
