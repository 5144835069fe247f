/* SPDX-License-Identifier: Apache-2.0 */
/* One element of a message while it is being served, and how a command answers it (MS-SMB2 3.3.4, 3.3.5).

   A command is one function, serve_COMMAND. It reads its body, and returns the status of the answer. Before that it may lay the body of
   the answer with reply(); without one, chain.c lays the four bytes of a success that says no more, and the ERROR body
   (2.2.2) for everything else. To answer later it calls request_defer() and returns STATUS_PENDING. */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include <stdbool.h>

#include <countersign/countersign.h>

#include "ntstatus.h"

struct chain;
struct channel;
struct connection;
struct open;
struct server;
struct session;
struct tree;

struct request {
    struct server *server;
    struct connection *connection;
    struct chain *chain;
    struct session *session; /* NULL where the command needs none */
    struct channel *channel; /* the session's on this connection; NULL while binding */
    struct tree *tree;       /* NULL where the command needs none */
    csign_header header;
    csign_bytes element;            /* from the header, what follows the body included; borrowed from the chain */
    const uint8_t *body;            /* behind the header: at least the command's fixed part */
    bool encrypted;                 /* arrived in a TRANSFORM */
    const csign_signer *signer;     /* of the answer; NULL: not signed */
    bool mirrored;                  /* the answer carries the request's own signature (MS-SMB2 3.3.4.1.1) */
    bool ends_session;              /* after the answer */
    bool answered;                  /* reply has laid a body */
    size_t reply_offset, reply_len; /* the body, in the frame */
    /* Of a deferred request alone. */
    uint64_t async_id;
    void (*forget)(struct request *request); /* takes the request out of the command's own lists */
    void *data;                              /* the command's own */
    struct request *prev, *next;             /* free for the command's own list */
};

/* request_buffer: the bytes at offset (counted from the header) of the element, as most commands name their variable part. Length 0 is
   empty whatever the offset. false: not inside, or over the fixed part. */
bool request_buffer(const struct request *request, size_t offset, size_t len, csign_bytes *out);

/* request_affords: whether CreditCharge pays for payload bytes, the greater of what is sent and what is wanted back (3.3.5.2.5). Below 2.1
   65,536 bytes are the most. */
bool request_affords(const struct request *request, size_t payload);

/* request_open finds the open that FileId (16 bytes, 2.2.14.1) names; all ones in a related element mean the open of the element
   before. NULL: *status is what to answer (FILE_CLOSED, or that element's own failure). */
struct open *request_open(struct request *request, const uint8_t file_id[16], uint32_t *status);

/* reply lays the body of the answer: len zeroed bytes that the command fills in, StructureSize included. The pointer is good until the
   command returns. Once an answer, and never for an answer that is an ERROR; reply_truncate then gives bytes back. NULL: no memory, or a
   message would be too long (INSUFFICIENT_RESOURCES). */
uint8_t *reply(struct request *request, size_t len);
/* reply_with puts payload behind the zeroed bytes. */
uint8_t *reply_with(struct request *request, size_t len, csign_bytes payload);
void reply_truncate(struct request *request, size_t len);

/* request_defer: the answer comes later. The request lives on until request_complete, by the command, or request_abandon, by CANCEL or
   by the end of its session or connection, which calls forget first and answers with a status if there still is somebody to answer.
   The body and element stay readable. An interim response goes out at once. false: too many wait already (the command answers
   INSUFFICIENT_RESOURCES). */
bool request_defer(struct request *request, void (*forget)(struct request *request), void *data);
void request_complete(struct request *request, uint32_t status);
void request_abandon(struct request *request, uint32_t status);

/* One file per command; each returns the status of the answer. */
uint32_t serve_negotiate(struct request *request);
uint32_t serve_session_setup(struct request *request);
uint32_t serve_logoff(struct request *request);
uint32_t serve_tree_connect(struct request *request);
uint32_t serve_tree_disconnect(struct request *request);
uint32_t serve_create(struct request *request);
uint32_t serve_close(struct request *request);
uint32_t serve_flush(struct request *request);
uint32_t serve_read(struct request *request);
uint32_t serve_write(struct request *request);
uint32_t serve_lock(struct request *request);
uint32_t serve_ioctl(struct request *request);
uint32_t serve_cancel(struct request *request); /* has no answer */
uint32_t serve_echo(struct request *request);
uint32_t serve_query_directory(struct request *request);
uint32_t serve_change_notify(struct request *request);
uint32_t serve_query_info(struct request *request);
uint32_t serve_set_info(struct request *request);
uint32_t serve_oplock_break(struct request *request);

#endif
