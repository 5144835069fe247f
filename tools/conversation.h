/* SPDX-License-Identifier: Apache-2.0 */
/* What one TCP connection says about keys: NEGOTIATE, the preauthentication hash chain, session setups in flight, the
   sessions established on it or bound to it (MS-SMB2 3.2.5.2, 3.2.5.3, 3.3.5.4, 3.3.5.5). Sees every message element in
   order and can then say which keyring judges it. */
#ifndef COUNTERSIGN_TOOLS_CONVERSATION_H
#define COUNTERSIGN_TOOLS_CONVERSATION_H

#include "countersign/countersign.h"
#include "keyfile.h"
#include "keyring.h"
#include "packet.h"
#include "report.h"

/* A session as other connections may bind it, or refer to it. */
typedef struct session {
    struct session *next;
    uint64_t id;
    keyring *ring;
} session;

/* What the whole capture shares. */
typedef struct conversation_world {
    const keyfile *keys;
    report *report;
    summary *total;
    session *sessions; /* the most recently used first */
    keyring *rings;    /* owns all of them */
    size_t connections;
} conversation_world;

void conversation_world_free(conversation_world *world);

typedef struct setup setup;

typedef struct conversation {
    conversation_world *world;
    size_t number;
    endpoint ends[2];
    bool described;       /* the report has heard of this connection */
    int server_direction; /* which end is the server, from the messages' SERVER_TO_REDIR; -1: not known yet */

    uint8_t *request; /* the last NEGOTIATE request, until its response */
    size_t request_len;
    bool negotiated_known;
    csign_negotiated negotiated;
    csign_preauth chain;
    bool chain_known; /* both NEGOTIATE messages are in chain */

    setup *setups;     /* in flight */
    session *channels; /* sessions on this connection, the most recently used first */
} conversation;

void conversation_begin(conversation *c, conversation_world *world, const endpoint ends[2]);
void conversation_end(conversation *c);

/* conversation_observe takes in one element, before it is judged. session_id is its own, or its compound's if it is related. */
void conversation_observe(conversation *c, unsigned direction, const csign_header *header, uint64_t session_id,
                          csign_bytes element, size_t frame);

/* conversation_ring returns the keyring for an element; NULL: there is no session. *why is not NULL when a signature that the
   keyring does not verify may be another key's all the same. */
keyring *conversation_ring(conversation *c, const csign_header *header, uint64_t session_id, const char **why);

/* conversation_lost says that messages are missing. may_be_setup: a NEGOTIATE or SESSION_SETUP may be among them. */
void conversation_lost(conversation *c, bool may_be_setup);

void conversation_remark(conversation *c, size_t frame, bool unjudged, const char *text);

#endif
