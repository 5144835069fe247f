/* SPDX-License-Identifier: Apache-2.0 */
/* The signatures of a connection's requests: see sent.h. Searched only for responses that do not verify. */
#include "sent.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

void sent_add(sent_signatures *sent, const csign_header *request)
{
    sent_signature *entry;

    /* CANCEL has the MessageId of the request it cancels (or 0) and gets no answer. */
    if (request->command == CSIGN_COMMAND_CANCEL)
        return;
    if (sent->count < SENT_KEPT) {
        sent->entries = need_more(sent->entries, &sent->capacity, sent->count, sizeof *sent->entries);
        entry = &sent->entries[sent->count++];
    } else {
        entry = &sent->entries[sent->oldest];
        sent->oldest = (sent->oldest + 1) % SENT_KEPT;
    }
    entry->message_id = request->message_id;
    memcpy(entry->signature, request->signature, sizeof entry->signature);
}

const uint8_t *sent_signature_of(const sent_signatures *sent, uint64_t message_id)
{
    for (size_t i = sent->count; i-- > 0;)
        if (sent->entries[i].message_id == message_id)
            return sent->entries[i].signature;
    return NULL;
}

bool sent_has(const sent_signatures *sent, uint64_t message_id, const uint8_t signature[16])
{
    for (size_t i = sent->count; i-- > 0;)
        if (sent->entries[i].message_id == message_id && memcmp(sent->entries[i].signature, signature, 16) == 0)
            return true;
    return false;
}

void sent_free(sent_signatures *sent)
{
    free(sent->entries);
    *sent = (sent_signatures){0};
}
