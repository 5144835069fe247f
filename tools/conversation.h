/* SPDX-License-Identifier: Apache-2.0 */
/* What one TCP connection says about keys: NEGOTIATE, the preauthentication hash chain, session setups in flight, the
   sessions established on it or bound to it (MS-SMB2 3.2.5.2, 3.2.5.3, 3.3.5.4, 3.3.5.5). Sees every message element in
   order and can then say which keyring judges it. */
#ifndef COUNTERSIGN_TOOLS_CONVERSATION_H
#define COUNTERSIGN_TOOLS_CONVERSATION_H

#include "countersign/countersign.h"
#include "diagnose_options.h"
#include "key_source.h"
#include "keyfile.h"
#include "keyring.h"
#include "packet.h"
#include "report.h"
#include "run_stats.h"
#include "sessions.h"

/* Text that lives as long as the world. */
typedef struct kept_sentence {
    struct kept_sentence *next;
    char text[];
} kept_sentence;

/* What the whole capture shares. */
typedef struct conversation_world {
    const keyfile *keys;
    /* NULL, or puts into *keys what has been added to the key files; true: something has */
    bool (*refresh)(void *context);
    void *refresh_context;
    size_t key_version;         /* how often something has */
    key_source *const *sources; /* asked in this order for what the key file does not have */
    size_t source_count;
    report *report;
    summary *total;
    run_stats stats;
    /* NULL, or hears every verdict with the bytes it is about */
    void (*judged)(void *context, const judged_message *message, csign_bytes element);
    void *judged_context;
    diagnose_options diagnose;
    kept_sentence *sentences;
    sessions sessions;
    size_t forgotten; /* sessions */
    size_t connections;
} conversation_world;

void conversation_world_free(conversation_world *world);

/* conversation_keep returns a copy of text that lives as long as the world; the same text is kept once. */
const char *conversation_keep(conversation_world *world, const char *text);

typedef struct setup setup;

typedef struct conversation {
    conversation_world *world;
    report_connection about;
    endpoint ends[2];
    int server_direction; /* which end is the server, from the messages' SERVER_TO_REDIR; -1: not known yet */

    uint8_t *request; /* the last NEGOTIATE request, until its response */
    size_t request_len;
    bool signing_required; /* by a NEGOTIATE message */
    bool negotiated_known;
    csign_negotiated negotiated;
    csign_preauth chain;
    bool chain_known;     /* both NEGOTIATE messages are in chain */
    transcript negotiate; /* these messages, if there may be a diagnosis */

    setup *setups;     /* in flight */
    sessions channels; /* sessions on this connection */
} conversation;

void conversation_begin(conversation *c, conversation_world *world, const endpoint ends[2]);
void conversation_end(conversation *c);

/* conversation_observe takes in one element, before it is judged. session_id is its own, or its compound's if it is related. */
void conversation_observe(conversation *c, unsigned direction, const csign_header *header, uint64_t session_id,
                          csign_bytes element, size_t frame);

/* conversation_ring returns the keyring for an element; NULL: there is no session. *why is not NULL when a signature that the
   keyring does not verify may be another key's all the same. */
keyring *conversation_ring(conversation *c, const csign_header *header, uint64_t session_id, const char **why);

/* conversation_cipher_ring returns the keyring whose cipher keys encrypt a session's messages: those of its first channel, on every
   connection (MS-SMB2 3.1.4.2). NULL: session_id is 0. */
keyring *conversation_cipher_ring(conversation *c, uint64_t session_id);

/* conversation_sender says who sends in a direction. */
sender conversation_sender(const conversation *c, unsigned direction);

/* conversation_lost says that messages are missing. may_be_setup: a NEGOTIATE or SESSION_SETUP may be among them. */
void conversation_lost(conversation *c, bool may_be_setup);

/* conversation_set_ring says what judges a session's messages on this connection, and, if it is the session's first connection, the
   others that bind it or refer to it. */
void conversation_set_ring(conversation *c, uint64_t session_id, keyring *ring, bool first);

/* conversation_unsigned takes in an element that is neither signed nor encrypted though no rule says so, and remarks on it where it had
   to be signed: signing is required, and the session's key has verified messages before, so that it is no guest's. */
void conversation_unsigned(conversation *c, const keyring *ring, const csign_header *header, size_t frame);

void conversation_remark(conversation *c, size_t frame, bool unjudged, const char *text);

#endif
