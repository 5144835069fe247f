/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer has to be, by MS-SMB2 3.3.5.2.4, 3.3.5.2.9 and 3.3.4.1.1, seen from the client: it knows which of its requests were rightly
   signed or encrypted, and has the keys. */
#include "client.h"
#include "fuzz/fuzz.h"
#include "interop/server/octets.h"

#define SERVER_NOTICE UINT64_MAX /* MessageId of what nobody asked for */

static bool on_connection(const struct client_session *session, unsigned c)
{
    return session && session->established && !session->ended && session->channels[c].on;
}

/* Steps over one element: the session that it belongs to, and whether that session's keys vouch for it. Returns its SessionId. */
static uint64_t look_at(struct client *client, unsigned c, struct message *message, struct sent *sent)
{
    bool related = sent->header.flags & CSIGN_FLAG_RELATED;
    uint64_t id = related && message->inheritable ? message->session_id : sent->header.session_id;
    struct client_session *session = client_find(client, id);
    sent->looked_at = true;
    sent->session = sent->header.command != CSIGN_COMMAND_NEGOTIATE && on_connection(session, c) ? session : NULL;
    if (!sent->session)
        sent->authentic = false;
    else if (message->sealed_for)
        sent->authentic = message->sealed_for == sent->session;
    else
        sent->authentic =
            !sent->session->encryption_required &&
            csign_verify(&sent->session->channels[c].signer, sent->element.data, sent->element.len) == CSIGN_OK;
    message->inheritable = sent->session && !(related && !message->inheritable);
    message->session_id = id;
    return id;
}

/* Whether the server can have come to element i: those before it are answered, or are CANCELs. */
static bool is_due(const struct message *message, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (!message->elements[k].answered && message->elements[k].header.command != CSIGN_COMMAND_CANCEL)
            return false;
    return !message->elements[i].answered;
}

/* MessageIds behind an element that waits are not used yet, so another message may have them first. What waited has had an interim answer. */
static struct sent *find(struct client_connection *connection, const csign_header *answer, struct message **out)
{
    bool waited = answer->flags & CSIGN_FLAG_ASYNC && answer->status != STATUS_PENDING;
    for (struct message *message = connection->messages; message; message = message->next_message) {
        for (size_t i = 0; i < message->count; i++) {
            struct sent *sent = &message->elements[i];
            if (sent->header.message_id == answer->message_id && sent->header.command == answer->command &&
                answer->command != CSIGN_COMMAND_CANCEL && sent->looked_at == waited && is_due(message, i)) {
                *out = message;
                return sent;
            }
        }
    }
    return NULL;
}

static bool is_refusal(uint32_t status)
{
    return status == STATUS_ACCESS_DENIED || status == STATUS_INVALID_PARAMETER ||
           status == STATUS_USER_SESSION_DELETED;
}

static bool demands(const struct client_session *session)
{
    return session->signing_required || session->encryption_required;
}

/* A request that its session's keys do not vouch for is refused where the session demands that, and where it claims to be signed. */
static void check_request(const struct sent *sent, const struct message *message, uint32_t status)
{
    const struct client_session *session = sent->session;
    if (!session || !client_has_keys(session) || session->unknowable || sent->authentic)
        return;
    bool claims = message->sealed_for || sent->header.flags & CSIGN_FLAG_SIGNED;
    CHECK(!(demands(session) || claims) || is_refusal(status),
          "nothing is done for a request that is not rightly signed or encrypted");
}

/* CANCEL has no answer; that it worked shows in another's. */
static void check_cancelled(const struct client *client, unsigned c, const struct sent *sent)
{
    if (!sent->session || !demands(sent->session))
        return;
    bool cancelled = false;
    const struct message *message = client->current;
    for (size_t i = 0; message && client->current_connection == c && i < message->count; i++) {
        const struct sent *cancel = &message->elements[i];
        csign_status status = CSIGN_BAD_SIGNATURE;
        if (cancel->header.command == CSIGN_COMMAND_CANCEL && !message->sealed_for)
            status = csign_verify(&sent->session->channels[c].signer, cancel->element.data, cancel->element.len);
        cancelled |= cancel->header.command == CSIGN_COMMAND_CANCEL &&
                     (message->sealed_for ? message->sealed_for == sent->session : status == CSIGN_OK);
    }
    CHECK(cancelled, "only a CANCEL that is rightly signed or encrypted cancels");
}

static bool mirrors(const struct sent *sent, const csign_header *answer)
{
    return sent->header.flags & CSIGN_FLAG_SIGNED && !memcmp(answer->signature, sent->header.signature, 16);
}

static bool verifies(const csign_signer *signer, csign_bytes element)
{
    return csign_verify(signer, element.data, element.len) == CSIGN_OK;
}

static void check_signature(struct client *client, unsigned c, const struct sent *sent, const csign_header *answer,
                            csign_bytes element, bool came_plain)
{
    bool is_signed = answer->flags & CSIGN_FLAG_SIGNED;
    const struct client_session *own = sent->session;
    struct client_session *session = client_find(client, answer->session_id);
    if ((own && own->unknowable) || (session && session->unknowable))
        return;
    if (own && client_has_keys(own)) {
        bool due = came_plain && (sent->header.flags & CSIGN_FLAG_SIGNED || own->signing_required);
        if (is_signed || (due && !own->encryption_required))
            CHECK(verifies(&own->channels[c].signer, element), "the answer is signed with the channel's key");
        return;
    }
    bool setup = answer->command == CSIGN_COMMAND_SESSION_SETUP && session && client_has_keys(session);
    if (setup && !answer->status)
        CHECK(verifies(&session->channels[c].signer, element),
              "the success of SESSION_SETUP is signed with the key that it made");
    else if (is_signed)
        CHECK(mirrors(sent, answer) || (setup && verifies(&session->keys.signer, element)),
              "without a session an answer is unsigned, or has the request's signature, or that of the session that is "
              "bound to");
}

static void remember(struct client *client, const csign_header *answer, csign_bytes element,
                     const struct client_session *session)
{
    const uint8_t *body = element.data + CSIGN_HEADER_LEN;
    if (answer->status)
        return;
    if (answer->command == CSIGN_COMMAND_LOGOFF) {
        client_find(client, answer->session_id)->ended = true;
    } else if (answer->command == 3) { /* TREE_CONNECT */
        client->trees[client->tree_count++ % SLOTS] = answer->tree_id;
        CHECK(client_has_keys(session) || !client->server->settings->signing_required || body[2] == 2,
              "who cannot sign gets no more than IPC$ where signing is required");
    } else if (answer->command == 5) { /* CREATE */
        memcpy(client->files[client->file_count++ % SLOTS], body + 64, 16);
    }
}

static void first_look(struct client *client, unsigned c, struct message *message, struct sent *sent,
                       const csign_header *answer)
{
    for (; &message->elements[message->next] != sent; message->next++) {
        CHECK(message->elements[message->next].header.command == CSIGN_COMMAND_CANCEL,
              "each element is answered, in order");
        look_at(client, c, message, &message->elements[message->next]);
    }
    uint64_t id = look_at(client, c, message, sent);
    message->next++;
    message->inheritable |=
        answer->command <= CSIGN_COMMAND_SESSION_SETUP && answer->status != STATUS_INVALID_PARAMETER;
    message->session_id = answer->session_id;
    CHECK(answer->session_id == id || (!id && answer->command == CSIGN_COMMAND_SESSION_SETUP),
          "an answer is of its request's session");
    check_request(sent, message, answer->status);
}

void client_answer(struct client *client, unsigned c, csign_bytes element, bool alone,
                   const struct client_session *sealed_for)
{
    struct client_connection *connection = &client->connections[c];
    csign_header answer;
    struct message *message;
    csign_header_parse(&answer, element);
    CHECK(answer.flags & CSIGN_FLAG_SERVER_TO_REDIR && element.len >= CSIGN_HEADER_LEN + 2, "an answer is one");
    if (answer.message_id == SERVER_NOTICE) {
        CHECK(answer.command == CSIGN_COMMAND_OPLOCK_BREAK && !(answer.flags & CSIGN_FLAG_SIGNED),
              "only breaks of oplocks come unasked");
        return;
    }
    struct sent *sent = find(connection, &answer, &message);
    if (!sent) {
        CHECK(answer.command == CSIGN_COMMAND_NEGOTIATE && !connection->negotiated && !answer.status,
              "an answer has a request");
        connection->chosen =
            (csign_negotiated){.dialect = CSIGN_SMB_2_0_2}; /* to SMB1's; with the wildcard another NEGOTIATE comes */
        return;
    }
    bool interim = answer.status == STATUS_PENDING && answer.flags & CSIGN_FLAG_ASYNC;
    sent->answered = !interim;
    if (!sent->looked_at)
        first_look(client, c, message, sent, &answer);
    if (answer.command == CSIGN_COMMAND_NEGOTIATE)
        client_negotiated(client, c, sent, element, alone);
    if (answer.command == CSIGN_COMMAND_SESSION_SETUP)
        client_set_up(client, c, sent, element, alone);
    CHECK(sealed_for == message->sealed_for || (!sealed_for && message->sealed_for->ended),
          "what comes encrypted is answered encrypted");
    if (answer.status == STATUS_CANCELLED)
        check_cancelled(client, c, sent);
    if (interim)
        CHECK(!(answer.flags & CSIGN_FLAG_SIGNED), "an interim answer is not signed");
    else if (sealed_for)
        CHECK(!(answer.flags & CSIGN_FLAG_SIGNED) || mirrors(sent, &answer), "what is encrypted is not signed");
    else
        check_signature(client, c, sent, &answer, element, !message->sealed_for);
    remember(client, &answer, element, sent->session);
}
