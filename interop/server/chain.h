/* SPDX-License-Identifier: Apache-2.0 */
/* One message from the peer, a chain of one element or more (MS-SMB2 3.3.5.2.7), while it is being served. A deferred request keeps its
   chain: what was answered before it has gone out then, and the elements behind it wait. */
#ifndef SERVER_CHAIN_H
#define SERVER_CHAIN_H

#include "request.h"

struct frame;

struct chain {
    struct connection *connection;
    uint8_t *message; /* owned; decrypted */
    size_t len;
    size_t offset, element_len; /* where csign_compound_next stands */
    bool encrypted;
    uint64_t encrypted_session;
    bool inheritable; /* there was an element before, and its session was a session: a related one can follow */
    /* What related elements inherit. */
    uint64_t session_id;
    uint32_t tree_id;
    bool has_file_id;
    uint8_t file_id[16];
    uint32_t status;        /* of the element before */
    struct request request; /* the current element */
    struct frame *frame;    /* the answers so far */
    csign_preauth *preauth; /* the chain that absorbs this answer, or NULL */
    bool deferred, ready, unfinished;
    struct chain *prev, *next;
};

/* dispatch (dispatch.c) checks the current element, finds its session and tree, and calls its command; returns the status. */
uint32_t dispatch(struct request *request);
/* dispatch_unrelated answers a related element that has nothing to relate to, signed by the session that it names itself. */
uint32_t dispatch_unrelated(struct request *request);

/* chain_serve serves elements until one is deferred, the turn is over, or none is left; then it frees the chain. */
void chain_serve(struct chain *chain);
/* chain_send sends what was answered so far: before a session or a hash goes that it is signed, encrypted or hashed with. false: no memory, and
   the connection was dropped. */
bool chain_send(struct chain *chain);
/* chain_resume takes a chain out of those that are ready. */
void chain_resume(struct chain *chain);
void chain_free(struct chain *chain);
/* chain_find_deferred: what CANCEL names by AsyncId or by MessageId (3.3.5.16). NULL: there is none. */
struct request *chain_find_deferred(const struct connection *connection, const csign_header *cancel);

#endif
