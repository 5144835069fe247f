/* SPDX-License-Identifier: Apache-2.0 */
/* Session setups in flight on one connection: see setup.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "negotiation.h"
#include "octets.h"

#define STATUS_PENDING 0x00000103u
#define STATUS_MORE_PROCESSING_REQUIRED 0xC0000016u
#define HEADER_LEN 64u
#define REQUEST_FLAGS_AT (HEADER_LEN + 2)
#define REQUEST_SECURITY_MODE_AT (HEADER_LEN + 3)
#define REQUEST_BUFFER_AT (HEADER_LEN + 12) /* SecurityBufferOffset, then its length */
#define RESPONSE_FLAGS_AT (HEADER_LEN + 2)
#define RESPONSE_BUFFER_AT (HEADER_LEN + 4)
#define FLAG_BINDING 0x01u
#define FLAGS_GUEST_OR_NULL 0x03u

typedef enum setup_kind {
    SETUP_NEW,
    SETUP_BIND,            /* another connection's session: a key for this channel */
    SETUP_REAUTHENTICATION /* the keys stay */
} setup_kind;

struct setup {
    struct setup *next; /* the newest first */
    setup_kind kind;
    uint64_t session_id; /* 0: the server has not given it yet */
    uint64_t message_id; /* of the latest request */
    csign_preauth chain;
    bool chain_known;
    bool whole; /* its first request has been seen */
    bool signing_required;
    transcript messages; /* that are in chain, if there may be a diagnosis */
    security_token tokens[SETUP_TOKENS];
    size_t token_count;
};

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
    for (size_t i = 0; i < s->token_count; i++)
        free((void *)(uintptr_t)s->tokens[i].bytes.data);
    transcript_free(&s->messages);
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

/* Keeps the security buffer of a message, if that lies inside it. at: where its offset and length are. */
static void keep_token(setup *s, csign_bytes element, size_t at, bool from_server, size_t frame)
{
    if (element.len < at + 4 || s->token_count == SETUP_TOKENS)
        return;
    size_t offset = load_le16(element.data + at), len = load_le16(element.data + at + 2);
    if (len == 0 || offset < HEADER_LEN || offset + len > element.len)
        return;
    uint8_t *copy = need(len);
    memcpy(copy, element.data + offset, len);
    s->tokens[s->token_count++] = (security_token){from_server, frame, {copy, len}};
}

static void hash(const conversation *c, setup *s, csign_bytes element)
{
    csign_preauth_update(&s->chain, element);
    if (c->world->diagnose.work != 0)
        transcript_add(&s->messages, element);
}

static setup *begin(conversation *c, uint64_t session_id, csign_bytes element)
{
    bool binding = element.len > REQUEST_FLAGS_AT && (element.data[REQUEST_FLAGS_AT] & FLAG_BINDING) != 0;
    const keyring *known = sessions_find(&c->channels, session_id);
    setup *s = need(sizeof *s);

    s->session_id = session_id;
    s->chain = c->chain;
    transcript_copy(&s->messages, &c->negotiate);
    s->whole = session_id == 0 || binding;
    s->chain_known = c->chain_known && s->whole;
    if (known != NULL && !known->guessed)
        s->kind = SETUP_REAUTHENTICATION;
    else
        s->kind = binding ? SETUP_BIND : SETUP_NEW;
    s->next = c->setups;
    c->setups = s;
    return s;
}

void setup_request(conversation *c, const csign_header *header, uint64_t session_id, csign_bytes element, size_t frame)
{
    setup *s = session_id ? *find_setup(c, false, session_id) : NULL;
    if (s == NULL) {
        s = begin(c, session_id, element);
        limit_setups(c, frame);
    }
    s->message_id = header->message_id;
    s->signing_required |= element.len > REQUEST_SECURITY_MODE_AT &&
                           (element.data[REQUEST_SECURITY_MODE_AT] & SECURITY_MODE_SIGNING_REQUIRED) != 0;
    hash(c, s, element);
    keep_token(s, element, REQUEST_BUFFER_AT, false, frame);
}

/* ---- the end of a setup ---- */

/* What the key sources know: the first that takes the exchange for its own. */
static void ask_sources(const conversation *c, const setup *s, key_finding *out)
{
    *out = (key_finding){.answer = KEY_NOT_MINE};
    for (size_t i = 0; s->whole && i < c->world->source_count && out->answer == KEY_NOT_MINE; i++) {
        c->world->sources[i]->find(c->world->sources[i], s->tokens, s->token_count, out);
        out->source = c->world->sources[i]->name;
    }
}

static bool has_line(const keyfile_line *lines, size_t count, const csign_key *key)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i].key_len == key->len && memcmp(lines[i].key, key->bytes, key->len) == 0)
            return true;
    return false;
}

/* Candidates of the key file's lines; how many lines there are. */
static size_t add_lines(const conversation *c, keyring *ring)
{
    size_t count;
    const keyfile_line *lines = keyfile_find(c->world->keys, ring->session_id, &count);
    for (size_t i = 0; i < count; i++)
        keyring_add(ring, &lines[i], &ring->negotiated, &ring->chain);
    ring->version = c->world->key_version;
    if (count == 0)
        ring->why = c->world->source_count ? "neither the key file nor another source has a key for this session"
                                           : "the key file has no line for this session";
    else if (ring->count == 0)
        ring->why = "no key can be derived from what this connection negotiated";
    return count;
}

/* Fills a new session's or channel's ring: the key file's lines beat other sources for a session; a channel's key that a source has
   found goes first, for a line does not say which channel it is of. */
static void fill(conversation *c, const setup *s, keyring *ring, key_finding *finding)
{
    size_t count;
    const keyfile_line *lines = keyfile_find(c->world->keys, ring->session_id, &count);
    bool found = finding->answer == KEY_FOUND;

    if (found && !ring->channel && count != 0 && !has_line(lines, count, &finding->key)) {
        conversation_remark(c, s->tokens[s->token_count - 1].frame, false,
                            "the key file and the password or keytab give this session different keys; the key file's "
                            "is used");
        found = false;
    }
    if (found) {
        keyfile_line line = {.key = finding->key.bytes, .key_len = finding->key.len, .source = finding->source};
        keyring_add(ring, &line, &ring->negotiated, &ring->chain);
        ring->definite = ring->count != 0;
    }
    ring->late = !found;
    add_lines(c, ring);
    if (ring->count != 0)
        ring->why = NULL;
    else if (finding->answer == KEY_REFUSED && count == 0)
        ring->why = finding->why;
}

/* Whether what the ring has is beyond doubt, and why not. */
static void conclude(keyring *ring)
{
    if (ring->why == NULL && ring->channel && !ring->definite)
        ring->why =
            "none of the session's lines in the key file is this channel's key; add the binding authentication's";
    if (ring->why == NULL && ring->negotiated.dialect == CSIGN_SMB_3_1_1 && !ring->chain_known)
        ring->why = "messages are missing that the preauthentication hash needs";
    ring->definite = ring->why == NULL;
}

void setup_late_keys(conversation *c, keyring *ring)
{
    if (!ring->late)
        return;
    keyring_clear(ring);
    ring->why = NULL;
    add_lines(c, ring);
    conclude(ring);
}

/* What a diagnosis needs: the messages behind the keys' hash; and of a channel, for the session's own ring, what its key is made of. */
static void keep_for_diagnosis(conversation *c, setup *s, keyring *ring, csign_bytes response)
{
    keyring *first = ring->channel ? sessions_find(&c->world->sessions, ring->session_id) : NULL;

    if (c->world->diagnose.work == 0 || !s->chain_known)
        return;
    ring->setup = s->messages;
    s->messages = (transcript){0};
    transcript_end(&ring->setup, response);
    if (first == NULL)
        return;
    first->bound = true;
    first->bound_hash = s->chain;
    first->bound_key = ring->definite ? ring->candidates[0].session_key : (csign_key){.len = 0};
}

/* The last response to a setup that succeeded: from here on there are keys, and it is signed with them already. */
static void establish(conversation *c, setup *s, uint64_t session_id, csign_bytes response)
{
    const keyring *known = sessions_find(&c->channels, session_id);
    key_finding finding;

    /* Without the NEGOTIATE there is nothing to derive; a guess that has proven itself was a re-authentication. */
    if (s->kind == SETUP_REAUTHENTICATION || !c->negotiated_known ||
        (!s->whole && known != NULL && keyring_proven(known)))
        return;
    bool nobody = response.len > RESPONSE_FLAGS_AT && (response.data[RESPONSE_FLAGS_AT] & FLAGS_GUEST_OR_NULL) != 0;
    keyring *ring = keyring_new(session_id);
    ring->channel = s->kind == SETUP_BIND;
    ring->signing_required = s->signing_required;
    ring->negotiated = c->negotiated;
    ring->chain = s->chain;
    ring->chain_known = s->chain_known;
    ask_sources(c, s, &finding);
    if (nobody)
        finding = (key_finding){.answer = KEY_REFUSED, .why = "guest and anonymous sessions have no key that signs"};
    if (finding.answer == KEY_REFUSED && finding.text[0] != 0)
        conversation_remark(c, finding.frame, false, finding.text);
    fill(c, s, ring, &finding);
    explicit_bzero(&finding, sizeof finding);

    conclude(ring);
    keep_for_diagnosis(c, s, ring, response);
    conversation_set_ring(c, session_id, ring, s->kind == SETUP_NEW);
}

void setup_response(conversation *c, const csign_header *header, uint64_t session_id, csign_bytes element, size_t frame)
{
    setup **link = find_setup(c, true, header->message_id);
    if (*link == NULL || header->status == STATUS_PENDING)
        return;
    if (header->status == STATUS_MORE_PROCESSING_REQUIRED) {
        (*link)->session_id = session_id;
        hash(c, *link, element);
        keep_token(*link, element, RESPONSE_BUFFER_AT, true, frame);
        return;
    }
    if (header->status == 0) {
        keep_token(*link, element, RESPONSE_BUFFER_AT, true, frame);
        establish(c, *link, session_id, element);
    }
    remove_setup(link);
}

void setups_lost(conversation *c)
{
    for (setup *s = c->setups; s != NULL; s = s->next)
        s->chain_known = false;
}

void setups_free(conversation *c)
{
    while (c->setups != NULL)
        remove_setup(&c->setups);
}
