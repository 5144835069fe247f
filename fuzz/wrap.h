/* SPDX-License-Identifier: Apache-2.0 */
/* Builds NEGOTIATE messages around contexts, from MS-SMB2 2.2.3 and 2.2.4 apart from lib/'s encoder: for targets whose input is a
   context, and as what the encoder must give. */
#ifndef FUZZ_WRAP_H
#define FUZZ_WRAP_H

#include "fuzz.h"

typedef struct wrap_context {
    uint16_t type;
    csign_bytes data; /* at most 65,535 bytes */
} wrap_context;

/* Everything else in the message is fixed, and most of it is not zero. */
typedef struct wrap_message {
    bool response;
    const uint16_t *dialects; /* a response has the first */
    size_t dialect_count;
    size_t security_len; /* of a response */
    const wrap_context *contexts;
    size_t context_count;
    uint8_t padding; /* what stands between contexts, and in Reserved */
} wrap_message;

enum { WRAP_CONTEXTS = 4 };

/* The message in a heap block of exactly its size, which the caller frees; at[i] is where context i begins, for at most
   WRAP_CONTEXTS of them. */
csign_bytes wrap_negotiate(const wrap_message *w, size_t at[WRAP_CONTEXTS]);

#endif
