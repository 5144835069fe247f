/* SPDX-License-Identifier: Apache-2.0 */
/* What one TCP connection says about keys: see conversation.h. Session setup; negotiation is in negotiation.c. */
#include "conversation.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "negotiation.h"
#include "octets.h"
#include "setup.h"

#define STATUS_PENDING 0x00000103u
#define STATUS_MORE_PROCESSING_REQUIRED 0xC0000016u
#define SESSION_FLAG_BINDING 0x01u

void conversation_remark(conversation *c, size_t frame, bool unjudged, const char *text)
{
    c->world->total->unjudged += unjudged;
    c->world->report->remark(c->world->report, c->number, frame, text);
}

/* ---- sessions ---- */

/* Finds a session and moves it to the front: traffic comes in runs. */
static session *find_session(session **list, uint64_t id)
{
    for (session **link = list; *link != NULL; link = &(*link)->next)
        if ((*link)->id == id) {
            session *s = *link;
            *link = s->next;
            s->next = *list;
            *list = s;
            return s;
        }
    return NULL;
}

static void set_session(session **list, uint64_t id, keyring *ring)
{
    session *s = find_session(list, id);
    if (s == NULL) {
        s = need(sizeof *s);
        s->id = id;
        s->next = *list;
        *list = s;
    }
    s->ring = ring;
}

static void free_sessions(session **list)
{
    for (session *s = *list, *next; s != NULL; s = next) {
        next = s->next;
        free(s);
    }
    *list = NULL;
}

static keyring *own(conversation_world *world, keyring *ring)
{
    ring->next = world->rings;
    world->rings = ring;
    return ring;
}

void conversation_world_free(conversation_world *world)
{
    free_sessions(&world->sessions);
    for (keyring *r = world->rings, *next; r != NULL; r = next) {
        next = r->next;
        keyring_free(r);
    }
}

/* The candidates for a session whose setup the capture does not show. Below 3.1.1 the key file's line and the dialect are
   enough, and where not even the dialect is known each derivation is tried: only a signature that verifies counts. */
static keyring *guess(conversation *c, uint64_t session_id)
{
    static const csign_negotiated either[2] = {
        {.dialect = CSIGN_SMB_2_1, .signing_algorithm = CSIGN_HMAC_SHA256},
        {.dialect = CSIGN_SMB_3_0, .signing_algorithm = CSIGN_AES_CMAC},
    };
    keyring *ring;
    size_t line_count;

    if (!c->negotiated_known)
        ring = keyring_new(c->world->keys, session_id, either, 2, NULL);
    else
        ring = keyring_new(c->world->keys, session_id, &c->negotiated, c->negotiated.dialect != CSIGN_SMB_3_1_1, NULL);
    keyfile_find(c->world->keys, session_id, &line_count);
    if (line_count != 0)
        ring->why = "the capture does not show this session's setup, which its keys are made from";
    ring->guessed = true;
    set_session(&c->channels, session_id, own(c->world, ring));
    return ring;
}

keyring *conversation_ring(conversation *c, const csign_header *header, uint64_t session_id, const char **why)
{
    session *s = find_session(&c->channels, session_id);
    *why = NULL;
    if (s != NULL)
        return s->ring;
    if (session_id == 0)
        return NULL;
    s = find_session(&c->world->sessions, session_id);
    if (s == NULL)
        return guess(c, session_id);
    /* All legs of a bind but the last are signed with the session's key. */
    bool last_leg = (header->flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0 && header->status == 0;
    if (header->command != CSIGN_COMMAND_SESSION_SETUP || last_leg)
        *why = "this connection is not bound to the session, so its key need not be the session's";
    return s->ring;
}

/* ---- session setup ---- */

static setup **find_setup(conversation *c, bool by_message, uint64_t id)
{
    setup **link = &c->setups;
    while (*link != NULL && (by_message ? (*link)->message_id : (*link)->session_id) != id)
        link = &(*link)->next;
    return link;
}

static void remove_setup(setup **link)
{
    setup *s = *link;
    *link = s->next;
    free(s);
}

static void limit_setups(conversation *c, size_t frame)
{
    size_t count = 0;
    setup **link = &c->setups;
    while (*link != NULL && ++count <= SETUPS_IN_FLIGHT)
        link = &(*link)->next;
    if (*link == NULL)
        return;
    remove_setup(link);
    conversation_remark(c, frame, true, "more than 1024 session setups without an answer: the oldest is given up");
}

static void observe_setup_request(conversation *c, const csign_header *header, uint64_t session_id, csign_bytes element,
                                  size_t frame)
{
    setup *s = session_id ? *find_setup(c, false, session_id) : NULL;
    if (s == NULL) {
        bool binding = element.len > 66 && (element.data[66] & SESSION_FLAG_BINDING) != 0;
        s = need(sizeof *s);
        s->session_id = session_id;
        s->chain = c->chain;
        s->chain_known = c->chain_known && (session_id == 0 || binding);
        const session *known = find_session(&c->channels, session_id);
        if (known != NULL && !known->ring->guessed)
            s->kind = SETUP_REAUTHENTICATION;
        else
            s->kind = binding ? SETUP_BIND : SETUP_NEW;
        s->next = c->setups;
        c->setups = s;
        limit_setups(c, frame);
    }
    s->message_id = header->message_id;
    csign_preauth_update(&s->chain, element);
}

/* The last response to a setup that succeeded: from here on there are keys, and it is signed with them already. */
static void establish(conversation *c, const setup *s, uint64_t session_id)
{
    const session *known = find_session(&c->channels, session_id);
    keyring *ring;

    /* Without the NEGOTIATE there is nothing to derive; a guess that has proven itself was a re-authentication. */
    if (s->kind == SETUP_REAUTHENTICATION || !c->negotiated_known || (known != NULL && keyring_proven(known->ring)))
        return;
    ring = own(c->world, keyring_new(c->world->keys, session_id, &c->negotiated, 1, &s->chain));
    ring->channel = s->kind == SETUP_BIND;
    if (ring->why == NULL && ring->channel)
        ring->why =
            "none of the session's lines in the key file is this channel's key; add the binding authentication's";
    else if (ring->why == NULL && c->negotiated.dialect == CSIGN_SMB_3_1_1 && !s->chain_known)
        ring->why = "messages are missing that the preauthentication hash needs";
    ring->definite = ring->why == NULL;
    set_session(&c->channels, session_id, ring);
    if (s->kind == SETUP_NEW)
        set_session(&c->world->sessions, session_id, ring);
}

static void observe_setup_response(conversation *c, const csign_header *header, uint64_t session_id,
                                   csign_bytes element)
{
    setup **link = find_setup(c, true, header->message_id);
    if (*link == NULL || header->status == STATUS_PENDING)
        return;
    if (header->status == STATUS_MORE_PROCESSING_REQUIRED) {
        (*link)->session_id = session_id;
        csign_preauth_update(&(*link)->chain, element);
        return;
    }
    if (header->status == 0)
        establish(c, *link, session_id);
    remove_setup(link);
}

/* ---- the connection ---- */

void conversation_observe(conversation *c, unsigned direction, const csign_header *header, uint64_t session_id,
                          csign_bytes element, size_t frame)
{
    bool response = (header->flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0;

    if (c->server_direction < 0)
        c->server_direction = (int)(response ? direction : 1 - direction);
    else if (response != ((int)direction == c->server_direction))
        conversation_remark(c, frame, false,
                            "SERVER_TO_REDIR says that this message comes from the other side than before");
    if (header->command == CSIGN_COMMAND_NEGOTIATE) {
        if (response)
            negotiation_response(c, element, frame);
        else
            negotiation_request(c, element);
    } else if (header->command == CSIGN_COMMAND_SESSION_SETUP) {
        if (response)
            observe_setup_response(c, header, session_id, element);
        else
            observe_setup_request(c, header, session_id, element, frame);
    }
    if (!c->described)
        negotiation_describe(c);
}

void conversation_lost(conversation *c, bool may_be_setup)
{
    if (!may_be_setup)
        return;
    if (!c->negotiated_known)
        c->chain_known = false;
    for (setup *s = c->setups; s != NULL; s = s->next)
        s->chain_known = false;
}

void conversation_begin(conversation *c, conversation_world *world, const endpoint ends[2])
{
    *c = (conversation){.world = world, .number = world->connections++, .server_direction = -1};
    c->ends[0] = ends[0];
    c->ends[1] = ends[1];
}

void conversation_end(conversation *c)
{
    while (c->setups != NULL)
        remove_setup(&c->setups);
    free_sessions(&c->channels);
    free(c->request);
}
