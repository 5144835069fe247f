/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "log.h"
#include "octets.h"

/* ---- the answer to one element ---- */

#define REFUSAL 16u

uint8_t *reply_with(struct request *request, size_t len, csign_bytes payload)
{
    struct frame *frame = request->chain->frame;
    size_t all = len + payload.len;
    if (all > REFUSAL && frame->len + all > MAX_FRAME)
        return NULL;
    uint8_t *header = frame_begin(frame);
    uint8_t *body = header ? frame_append(frame, len, payload) : NULL;
    if (body) {
        request->answered = true;
        request->reply_offset = (size_t)(body - frame->data);
        request->reply_len = all;
    }
    return body;
}

uint8_t *reply(struct request *request, size_t len)
{
    return reply_with(request, len, (csign_bytes){NULL, 0});
}

void reply_truncate(struct request *request, size_t len)
{
    request->chain->frame->len -= request->reply_len - len;
    request->reply_len = len;
}

/* Success without a body of the command's own: two bytes of StructureSize, two reserved. Otherwise the ERROR body, 2.2.2. */
static bool lay_short_body(struct request *request, uint32_t status)
{
    uint8_t *body = reply(request, status ? 9 : 4);
    if (body)
        store_le16(body, status ? 9 : 4);
    return body;
}

static const uint8_t PROTOCOL_ID[4] = {0xFE, 'S', 'M', 'B'};

static void lay_header(struct request *request, uint32_t status)
{
    struct frame *frame = request->chain->frame;
    uint8_t *header = frame->data + request->reply_offset - CSIGN_HEADER_LEN;
    const csign_header *in = &request->header;
    bool async = request->async_id != 0;
    uint32_t flags = CSIGN_FLAG_SERVER_TO_REDIR | (in->flags & CSIGN_FLAG_RELATED) | (async ? CSIGN_FLAG_ASYNC : 0);
    if (request->mirrored)
        flags |= CSIGN_FLAG_SIGNED;
    memcpy(header, PROTOCOL_ID, sizeof PROTOCOL_ID);
    store_le16(header + 4, CSIGN_HEADER_LEN);
    store_le16(header + 6, in->credit_charge);
    store_le32(header + 8, status);
    store_le16(header + 12, in->command);
    /* The interim response has granted what an async one would. */
    bool granted_before = async && status != STATUS_PENDING;
    store_le16(header + 14, granted_before ? 0 : credits_grant(&request->connection->credits, in->credits));
    store_le32(header + 16, flags);
    store_le64(header + 24, in->message_id);
    if (async) {
        store_le64(header + 32, request->async_id);
    } else {
        store_le32(header + 32, in->process_id);
        store_le32(header + 36, in->tree_id);
    }
    store_le64(header + 40, in->session_id);
    if (request->mirrored)
        memcpy(header + 48, in->signature, 16);
    frame->elements[frame->count - 1].signer = request->encrypted ? NULL : request->signer;
}

/* Hands the frame over to be sent. */
static bool submit(struct chain *chain)
{
    struct connection *connection = chain->connection;
    if (chain->frame->count) {
        connection_queue(connection, chain->frame);
        chain->frame = frame_new();
    }
    return chain->frame;
}

bool chain_send(struct chain *chain)
{
    if (!submit(chain)) {
        connection_drop(chain->connection, "memory", "no memory for an answer");
        return false;
    }
    connection_send(chain->connection);
    return true;
}

static bool answer(struct chain *chain, uint32_t status)
{
    struct request *request = &chain->request;
    struct connection *connection = chain->connection;
    if (!request->answered && !lay_short_body(request, status))
        return false;
    lay_header(request, status);
    if (chain->encrypted) {
        struct frame *frame = chain->frame;
        frame->encrypt_for = session_find(connection->server, chain->encrypted_session);
        if (!frame->encrypt_for) /* SESSION_SETUP has replaced the session that the request was encrypted with */
            frame->elements[frame->count - 1].signer = request->signer;
    }
    chain->status = status;
    if (chain->preauth) { /* this answer is hashed as it is sent */
        chain->frame->preauth = chain->preauth;
        chain->preauth = NULL;
    }
    return true;
}

/* ---- deferred requests ---- */

bool request_defer(struct request *request, void (*forget)(struct request *request), void *data)
{
    struct chain *chain = request->chain;
    struct connection *connection = request->connection;
    if (connection->deferred_count >= MAX_DEFERRED || connection->deferred_bytes + chain->len > MAX_DEFERRED_BYTES)
        return false;
    request->forget = forget;
    request->data = data;
    request->async_id = ++connection->last_async_id;
    chain->deferred = true;
    DL_APPEND(connection->deferred, chain);
    connection->deferred_count++;
    connection->deferred_bytes += chain->len;
    return true;
}

static void undefer(struct chain *chain)
{
    struct connection *connection = chain->connection;
    DL_DELETE(connection->deferred, chain);
    connection->deferred_count--;
    connection->deferred_bytes -= chain->len;
    chain->deferred = false;
}

/* The interim response (3.3.4.2): in a frame of its own, behind what was answered before. Never signed. */
static bool send_interim(struct chain *chain)
{
    struct request *request = &chain->request;
    const csign_signer *signer = request->signer;
    if (!submit(chain) || !lay_short_body(request, STATUS_PENDING))
        return false;
    request->signer = NULL;
    lay_header(request, STATUS_PENDING);
    request->signer = signer;
    request->answered = false;
    if (chain->encrypted)
        chain->frame->encrypt_for = request->session;
    return submit(chain);
}

void request_complete(struct request *request, uint32_t status)
{
    struct chain *chain = request->chain;
    struct connection *connection = request->connection;
    undefer(chain);
    if (!answer(chain, status) || !submit(chain))
        connection_drop(connection, "memory", "no memory for an answer");
    chain->ready = true;
    DL_APPEND(connection->server->ready, chain);
    event_active(connection->server->settle, 0, 0);
}

void request_abandon(struct request *request, uint32_t status)
{
    request->forget(request);
    request_complete(request, status);
}

struct request *chain_find_deferred(const struct connection *connection, const csign_header *cancel)
{
    struct chain *chain;
    DL_FOREACH(connection->deferred, chain)
    {
        const struct request *request = &chain->request;
        if (cancel->flags & CSIGN_FLAG_ASYNC ? request->async_id == cancel->async_id
                                             : request->header.message_id == cancel->message_id)
            return &chain->request;
    }
    return NULL;
}

/* ---- the walk ---- */

/* Everything that is checked of a header whatever the command. NULL, or why the connection is dropped. */
static const char *check_header(struct request *request)
{
    struct connection *connection = request->connection;
    const csign_header *header = &request->header;
    bool cancel = header->command == CSIGN_COMMAND_CANCEL;
    if (header->flags & CSIGN_FLAG_SERVER_TO_REDIR)
        return "a response was sent to the server";
    if (!connection->negotiated && header->command != CSIGN_COMMAND_NEGOTIATE)
        return "the first command is not NEGOTIATE";
    uint32_t charge = connection->chosen.dialect >= CSIGN_SMB_2_1 && header->credit_charge ? header->credit_charge : 1;
    if (!cancel && !credits_use(&connection->credits, header->message_id, charge))
        return "a MessageId that was not granted or is used already";
    return NULL;
}

/* Related elements are of the session and the tree of the one before. false: there is nothing to relate to. */
static bool inherit(struct chain *chain)
{
    struct request *request = &chain->request;
    if (!(request->header.flags & CSIGN_FLAG_RELATED)) {
        chain->session_id = request->header.session_id;
        chain->tree_id = request->header.tree_id;
        chain->has_file_id = false;
        chain->status = STATUS_SUCCESS;
        return true;
    }
    if (!chain->inheritable)
        return false;
    request->header.session_id = chain->session_id;
    request->header.tree_id = chain->tree_id;
    return true;
}

/* To be gone on with in the connection's next turn. What was answered goes now: its signers may go before then. */
static bool go_on_later(struct chain *chain)
{
    if (!submit(chain)) {
        connection_drop(chain->connection, "memory", "no memory for an answer");
        return false;
    }
    chain->connection->unfinished++;
    chain->unfinished = chain->ready = true;
    DL_APPEND(chain->connection->server->ready, chain);
    event_active(chain->connection->server->settle, 0, 0);
    return true;
}

void chain_serve(struct chain *chain)
{
    struct connection *connection = chain->connection;
    while (!connection->closing) {
        csign_bytes message = {chain->message, chain->len};
        csign_status walk = csign_compound_next(message, &chain->offset, &chain->element_len);
        if (walk != CSIGN_OK) {
            connection_drop(connection, "CMP", csign_status_text(walk));
            break;
        }
        if (!chain->element_len)
            break;
        struct request *request = &chain->request;
        *request = (struct request){
            .server = connection->server, .connection = connection, .chain = chain, .encrypted = chain->encrypted};
        request->element = (csign_bytes){chain->message + chain->offset, chain->element_len};
        request->body = request->element.data + CSIGN_HEADER_LEN;
        csign_header_parse(&request->header, request->element); /* the walk has looked at it */
        const char *why = check_header(request);
        if (why) {
            connection_drop(connection, "MS-SMB2 3.3.5.2", why);
            break;
        }
        uint32_t status = inherit(chain) ? dispatch(request) : dispatch_unrelated(request);
        if (connection->closing)
            break;
        chain->inheritable = request->session || (request->header.command <= CSIGN_COMMAND_SESSION_SETUP &&
                                                  status != STATUS_INVALID_PARAMETER);
        chain->session_id = request->header.session_id; /* SESSION_SETUP and TREE_CONNECT have made a new one */
        chain->tree_id = request->header.tree_id;
        if (request->header.command == CSIGN_COMMAND_CANCEL)
            continue;
        if (status == STATUS_PENDING && chain->deferred) {
            if (!send_interim(chain))
                connection_drop(connection, "memory", "no memory for an answer");
            return;
        }
        if (!answer(chain, status)) {
            connection_drop(connection, "MS-SMB2 3.3.5.2.7",
                            "more elements in a message than this server takes, or no memory");
            break;
        }
        /* Signed before the signer goes; a refused binding is signed with the key of a session that has no channel here. */
        if (request->ends_session || request->header.command == CSIGN_COMMAND_SESSION_SETUP)
            chain_send(chain);
        if (request->ends_session)
            session_end(request->session, STATUS_USER_SESSION_DELETED);
        if (server_turn_over(connection->server) && go_on_later(chain))
            return;
    }
    if (chain->frame)
        submit(chain);
    chain_free(chain);
}

void chain_resume(struct chain *chain)
{
    DL_DELETE(chain->connection->server->ready, chain);
    chain->connection->unfinished -= chain->unfinished;
    chain->ready = chain->unfinished = false;
}

void chain_free(struct chain *chain)
{
    if (chain->deferred) {
        chain->request.forget(&chain->request);
        undefer(chain);
    }
    if (chain->ready)
        chain_resume(chain);
    frame_free(chain->frame);
    free(chain->message);
    free(chain);
}
