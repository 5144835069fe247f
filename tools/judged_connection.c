/* SPDX-License-Identifier: Apache-2.0 */
/* One connection's messages, judged: see judged_connection.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "judged_connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diagnosis.h"
#include "memory.h"
#include "names.h"
#include "transform_mistake.h"

static void say(conversation *c, judged_message *m, csign_bytes element)
{
    conversation_world *world = c->world;
    m->connection = &c->about;
    world->total->verdicts[m->verdict]++;
    world->report->message(world->report, m);
    if (world->judged != NULL)
        world->judged(world->judged_context, m, element);
}

/* What it takes is measured only if asked for, because reading the clock takes time, too. */
static void check_signature(run_stats *stats, keyring *ring, csign_bytes element, const char *doubt, judged_message *m)
{
    uint64_t begun = stats->on ? run_clock() : 0;
    keyring_judge(ring, element, doubt, m);
    if (stats->on && m->algorithm != NULL) {
        stats->checking += run_clock() - begun;
        stats->checked += element.len;
    }
}

/* protocol rule: a server without a key answers with the request's signature copied */
static bool is_mirrored(const judged_connection *j, const csign_header *h, const judged_message *m)
{
    return m->from_server && (m->verdict == VERDICT_BAD || m->verdict == VERDICT_NO_KEY) &&
           sent_has(&j->sent, h->message_id, h->signature);
}

/* An element's place: in which message, and how that came. */
typedef struct place {
    unsigned direction;
    size_t frame, index;
    uint64_t session_id; /* of the compound so far */
    const char *cipher;  /* NULL: it did not come encrypted */
    csign_bytes message; /* all of it */
} place;

/* Looks for what makes the signature. If that is found, the key is beyond doubt, and the signature wrong; a search in vain says nothing
   of a signature whose key may be another. */
static void explain(judged_connection *j, keyring *ring, const place *at, csign_bytes element, diagnosis *d,
                    judged_message *m)
{
    const diagnosis_subject subject = {
        .frame = at->frame,
        .message = at->message,
        .offset = (size_t)(element.data - at->message.data),
        .len = element.len,
        .request_signature = m->from_server ? sent_signature_of(&j->sent, m->message_id) : NULL,
    };
    if (ring == NULL || (m->verdict != VERDICT_BAD && m->verdict != VERDICT_NO_KEY) ||
        !diagnosis_make(d, &j->conversation, ring, &subject))
        return;
    if (m->verdict == VERDICT_BAD || d->found.explanation_count != 0)
        m->diagnosis = d;
    if (d->found.explanation_count == 0)
        return;
    m->verdict = VERDICT_BAD;
    m->algorithm = name_signing_algorithm(d->claim.algorithm);
    m->key = ring->channel ? "channel" : "session";
    m->why = d->sentence;
}

static void judge_element(judged_connection *j, place *at, csign_bytes element)
{
    conversation *c = &j->conversation;
    const char *doubt;
    csign_header h;
    diagnosis d;

    if (csign_header_parse(&h, element) != CSIGN_OK) /* csign_compound_next has looked at it already */
        return;
    if (at->index == 0 || (h.flags & CSIGN_FLAG_RELATED) == 0)
        at->session_id = h.session_id;
    judged_message m = {
        .frame = at->frame,
        .element = at->index,
        .from_server = (h.flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0,
        .readable = true,
        .command = h.command,
        .status = h.status,
        .message_id = h.message_id,
        .session_id = at->session_id,
        .cipher = at->cipher,
    };
    conversation_observe(c, at->direction, &h, at->session_id, element, at->frame);
    keyring *ring = conversation_ring(c, &h, at->session_id, &doubt);
    check_signature(&c->world->stats, ring, element, doubt, &m);
    if (!m.from_server)
        sent_add(&j->sent, &h);
    else if (is_mirrored(j, &h, &m)) {
        m.verdict = VERDICT_MIRRORED;
        m.why = ring != NULL && keyring_proven(ring)
                    ? "the response repeats its request's signature; a server does that when it has no key for the "
                      "session, but this session's key has verified messages before: suspicious unless the session "
                      "has ended"
                    : "the response repeats its request's signature; a server does that when it has no key for the "
                      "session";
    }
    if (m.verdict == VERDICT_UNSIGNED && m.cipher == NULL && doubt == NULL)
        conversation_unsigned(c, ring, &h, at->frame);
    explain(j, ring, at, element, &d, &m);
    if (m.cipher != NULL && m.verdict != VERDICT_VERIFIED &&
        m.verdict != VERDICT_BAD) { /* the AEAD has authenticated it */
        m.verdict = VERDICT_DECRYPTED;
        m.why = NULL;
    }
    if (ring != NULL && (m.algorithm != NULL || m.cipher != NULL))
        m.source = keyring_source(ring);
    say(c, &m, element);
    if (c->world->diagnose.work != 0)
        explicit_bzero(&d, sizeof d);
}

static void judge_compound(judged_connection *j, unsigned direction, csign_bytes message, size_t frame,
                           const char *cipher)
{
    size_t offset = 0, len = 0;
    place at = {.direction = direction, .frame = frame, .cipher = cipher, .message = message};

    for (;; at.index++) {
        csign_status status = csign_compound_next(message, &offset, &len);
        if (status != CSIGN_OK) {
            char text[192];
            snprintf(text, sizeof text,
                     "at offset %zu of a message of %zu bytes: %s (%s); the rest of it is not judged", offset,
                     message.len, csign_status_text(status), csign_status_name(status));
            conversation_remark(&j->conversation, frame, true, text);
            conversation_lost(&j->conversation, true);
            return;
        }
        if (len == 0)
            return;
        judge_element(j, &at, (csign_bytes){message.data + offset, len});
    }
}

/* cipher: NULL, or with what the message was encrypted. */
static void judge_plain(judged_connection *j, unsigned direction, csign_bytes message, size_t frame, const char *cipher)
{
    conversation *c = &j->conversation;
    switch (message.len ? message.data[0] : 0) {
    case 0xFE:
        judge_compound(j, direction, message, frame, cipher);
        return;
    case 0xFC:
        conversation_remark(c, frame, true,
                            "a compressed message is not judged: its signature covers what it decompresses to");
        conversation_lost(c, true);
        return;
    default: /* plain: SMB1, a multi-protocol negotiate; neither signed nor hashed in SMB2 */
        if (cipher != NULL)
            conversation_remark(c, frame, true, "an encrypted message that holds no SMB2 message is not judged");
        return;
    }
}

static void judge_encrypted(judged_connection *j, unsigned direction, csign_bytes message, size_t frame)
{
    conversation *c = &j->conversation;
    sender from = conversation_sender(c, direction);
    transform t;

    if (!transform_parse(&t, message)) {
        conversation_remark(c, frame, true, "an encrypted message too short for its transform header");
        return;
    }
    judged_message m = {.frame = frame, .from_server = from == SENDER_SERVER, .session_id = t.session_id};
    uint8_t *plain = need(t.ciphertext.len);
    keyring *ring = conversation_cipher_ring(c, t.session_id);
    csign_cipher cipher = keyring_open(ring, &t, from, plain, &m);
    const char *mistake = m.verdict == VERDICT_BAD ? transform_mistake(c, ring, &t, from, plain) : NULL;
    m.why = mistake ? mistake : m.why;
    if (cipher == CSIGN_CIPHER_NONE)
        say(c, &m, message);
    else
        judge_plain(j, direction, (csign_bytes){plain, t.ciphertext.len}, frame, name_cipher(cipher));
    free(plain);
}

void judge_message(judged_connection *j, unsigned direction, csign_bytes message, size_t frame)
{
    j->spoken = true;
    if (message.data[0] == 0xFD)
        judge_encrypted(j, direction, message, frame);
    else
        judge_plain(j, direction, message, frame, NULL);
}
