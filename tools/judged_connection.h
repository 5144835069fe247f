/* SPDX-License-Identifier: Apache-2.0 */
/* One connection's messages, judged: each is decrypted if it came encrypted, each element is first observed by the conversation
   and then judged with the keyring that the conversation names. */
#ifndef COUNTERSIGN_TOOLS_JUDGED_CONNECTION_H
#define COUNTERSIGN_TOOLS_JUDGED_CONNECTION_H

#include "conversation.h"
#include "sent.h"
#include "transport.h"

typedef struct judged_connection {
    conversation conversation;
    sent_signatures sent;
    struct side {
        struct judged_connection *connection;
        unsigned direction;
        transport transport;
    } sides[2];
    bool spoken; /* there has been an SMB message */
} judged_connection;

/* judge_message takes one whole message of a direction and reports a verdict for each of its elements. */
void judge_message(judged_connection *j, unsigned direction, csign_bytes message, size_t frame);

#endif
