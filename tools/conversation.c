/* SPDX-License-Identifier: Apache-2.0 */
/* What one TCP connection says about keys: see conversation.h. Negotiation is in negotiation.c, session setup in setup.c. */
#include "conversation.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "negotiation.h"
#include "setup.h"

#define STATUS_USER_SESSION_DELETED 0xC0000203u
#define STATUS_NETWORK_SESSION_EXPIRED 0xC000035Cu

void conversation_remark(conversation *c, size_t frame, bool unjudged, const char *text)
{
    c->world->total->unjudged += unjudged;
    c->world->report->remark(c->world->report, &c->about, frame, text);
}

/* SESSION_SETUP may begin a new session under an old id; notifications are never signed, and Samba's have a SessionId; of a session
   that has ended or expired a server has no key. */
void conversation_unsigned(conversation *c, const keyring *ring, const csign_header *header, size_t frame)
{
    bool excused = (header->flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0 &&
                   (header->message_id == UINT64_MAX || header->status == STATUS_USER_SESSION_DELETED ||
                    header->status == STATUS_NETWORK_SESSION_EXPIRED);
    if (ring == NULL || !keyring_proven(ring) || !(c->signing_required || ring->signing_required) || excused ||
        header->command == CSIGN_COMMAND_SESSION_SETUP)
        return;
    c->world->total->stripped++;
    conversation_remark(
        c, frame, false,
        "unsigned in a session that requires signing: was its signature taken away? The other side must "
        "refuse it");
}

void conversation_world_free(conversation_world *world)
{
    sessions_free(&world->sessions);
    for (kept_sentence *s = world->sentences, *next; s != NULL; s = next) {
        next = s->next;
        free(s);
    }
}

const char *conversation_keep(conversation_world *world, const char *text)
{
    kept_sentence *s = world->sentences;
    while (s != NULL && strcmp(s->text, text) != 0)
        s = s->next;
    if (s == NULL) {
        s = need(sizeof *s + strlen(text) + 1);
        memcpy(s->text, text, strlen(text) + 1);
        s->next = world->sentences;
        world->sentences = s;
    }
    return s->text;
}

void conversation_set_ring(conversation *c, uint64_t session_id, keyring *ring, bool first)
{
    conversation_world *world = c->world;
    world->forgotten += sessions_set(&c->channels, session_id, ring, SESSIONS_OF_CONNECTION);
    if (first)
        world->forgotten += sessions_set(&world->sessions, session_id, ring, SESSIONS_OF_CAPTURE);
}

/* ---- which keys ---- */

/* The candidates for a session whose setup the capture does not show. Below 3.1.1 the key file's line and the dialect are
   enough, and where not even the dialect is known each derivation is tried: only what verifies or decrypts counts. */
static keyring *guess(conversation *c, uint64_t session_id)
{
    static const csign_negotiated either[2] = {
        {.dialect = CSIGN_SMB_2_1, .signing_algorithm = CSIGN_HMAC_SHA256},
        {.dialect = CSIGN_SMB_3_0, .signing_algorithm = CSIGN_AES_CMAC, .cipher = CSIGN_AES_128_CCM},
    };
    keyring *ring = keyring_new(session_id);
    size_t line_count;
    const keyfile_line *lines = keyfile_find(c->world->keys, session_id, &line_count);

    for (size_t i = 0; i < line_count; i++) {
        const keyfile_line *line = &lines[i];
        if (c->negotiated_known) { /* at 3.1.1 only the line's own cipher keys are of use */
            keyring_add(ring, line, &c->negotiated, NULL);
            continue;
        }
        /* apart, because cipher keys that fit say nothing about the dialect, and so about signing */
        const keyfile_line key = {.key = line->key, .key_len = line->key_len};
        const keyfile_line cipher_keys = {.client_to_server = line->client_to_server,
                                          .server_to_client = line->server_to_client};
        keyring_add(ring, &key, &either[0], NULL);
        keyring_add(ring, &key, &either[1], NULL);
        keyring_add(ring, &cipher_keys, NULL, NULL);
    }
    ring->why = line_count ? "the capture does not show this session's setup, which its keys are made from"
                           : "the key file has no line for this session";
    ring->guessed = true;
    ring->version = c->world->key_version;
    conversation_set_ring(c, session_id, ring, false);
    return ring;
}

/* The session's ring; where it has no key that is beyond doubt, with what key files have got since. */
static keyring *renewed(conversation *c, sessions *all, uint64_t session_id)
{
    conversation_world *world = c->world;
    keyring *ring = sessions_find(all, session_id);

    if (ring == NULL || world->refresh == NULL || ring->definite || keyring_proven(ring))
        return ring;
    world->key_version += world->refresh(world->refresh_context);
    if (ring->version == world->key_version)
        return ring;
    if (ring->guessed)
        return guess(c, session_id);
    setup_late_keys(c, ring);
    return ring;
}

keyring *conversation_ring(conversation *c, const csign_header *header, uint64_t session_id, const char **why)
{
    keyring *ring = renewed(c, &c->channels, session_id);
    *why = NULL;
    if (ring != NULL || session_id == 0)
        return ring;
    ring = renewed(c, &c->world->sessions, session_id);
    if (ring == NULL)
        return guess(c, session_id);
    /* All legs of a bind but the last are signed with the session's key. */
    bool last_leg = (header->flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0 && header->status == 0;
    if (header->command != CSIGN_COMMAND_SESSION_SETUP || last_leg)
        *why = "this connection is not bound to the session, so its key need not be the session's";
    return ring;
}

keyring *conversation_cipher_ring(conversation *c, uint64_t session_id)
{
    keyring *here = renewed(c, &c->channels, session_id), *first;
    if (session_id == 0 || (here != NULL && !here->channel))
        return here;
    first = renewed(c, &c->world->sessions, session_id);
    if (first != NULL)
        return first;
    return here ? here : guess(c, session_id);
}

sender conversation_sender(const conversation *c, unsigned direction)
{
    if (c->server_direction < 0)
        return SENDER_UNKNOWN;
    return (int)direction == c->server_direction ? SENDER_SERVER : SENDER_CLIENT;
}

/* ---- the connection ---- */

void conversation_observe(conversation *c, unsigned direction, const csign_header *header, uint64_t session_id,
                          csign_bytes element, size_t frame)
{
    bool response = (header->flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0, first = c->server_direction < 0;

    if (first)
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
            setup_response(c, header, session_id, element, frame);
        else
            setup_request(c, header, session_id, element, frame);
    }
    if (first)
        negotiation_describe(c);
}

void conversation_lost(conversation *c, bool may_be_setup)
{
    if (!may_be_setup)
        return;
    if (!c->negotiated_known)
        c->chain_known = false;
    setups_lost(c);
}

void conversation_begin(conversation *c, conversation_world *world, const endpoint ends[2])
{
    *c = (conversation){.world = world, .about.number = world->connections++, .server_direction = -1};
    c->channels.log = world->sessions.log;
    c->ends[0] = ends[0];
    c->ends[1] = ends[1];
    negotiation_describe(c);
}

void conversation_end(conversation *c)
{
    setups_free(c);
    for (session *s = c->channels.first; s != NULL; s = s->next)
        transcript_free(&s->ring->setup); /* only messages of this connection need it */
    sessions_free(&c->channels);
    transcript_free(&c->negotiate);
    free(c->request);
}
