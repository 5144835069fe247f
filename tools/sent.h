/* SPDX-License-Identifier: Apache-2.0 */
/* The signatures of a connection's requests by MessageId, to recognise responses that only repeat them: a server without a key for
   a session (after LOGOFF, say) does that. */
#ifndef COUNTERSIGN_TOOLS_SENT_H
#define COUNTERSIGN_TOOLS_SENT_H

#include <stdbool.h>

#include "countersign/message.h"

/* A server grants at most 8192 credits by default, so no more requests wait for an answer; older ones are forgotten. */
#define SENT_KEPT 8192u

typedef struct sent_signature {
    uint64_t message_id;
    uint8_t signature[16];
} sent_signature;

typedef struct sent_signatures {
    sent_signature *entries;
    size_t count, capacity;
    size_t oldest; /* once all SENT_KEPT are in use */
} sent_signatures;

void sent_add(sent_signatures *sent, const csign_header *request);
/* sent_signature_of returns the 16 bytes of the latest request with a MessageId, until the next sent_add; NULL: there is none. */
const uint8_t *sent_signature_of(const sent_signatures *sent, uint64_t message_id);

bool sent_has(const sent_signatures *sent, uint64_t message_id, const uint8_t signature[16]);
void sent_free(sent_signatures *sent);

#endif
