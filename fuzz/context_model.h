/* SPDX-License-Identifier: Apache-2.0 */
/* A second reading of negotiate contexts, written from MS-SMB2 2.2.3.1 apart from lib/wire, as naive as can be: how often each
   type occurs and where its first Data field lies. */
#ifndef FUZZ_CONTEXT_MODEL_H
#define FUZZ_CONTEXT_MODEL_H

#include <countersign/bytes.h>
#include <stdbool.h>

typedef struct model_context {
    size_t count;     /* how many contexts of this type */
    csign_bytes data; /* of the first one */
} model_context;

typedef struct model_contexts {
    model_context preauth, encryption, compression, netname, transport, rdma, signing, posix;
    bool over_security_buffer;
    size_t security_begin, security_end; /* of a response */
} model_contexts;

/* Reads the contexts; false when the list itself is broken: it starts where it may not, or a context runs past the message. */
bool model_read_contexts(model_contexts *out, csign_bytes message, size_t offset, size_t count, size_t from,
                         bool response);

/* Whether a receiver may go on with contexts that were read: what there is, how often, and whether it is well formed. What is
   wrong inside a request's COMPRESSION, TRANSPORT or RDMA_TRANSFORM context is the business of a server with that feature. */
bool model_acceptable(const model_contexts *m, bool response);

#endif
