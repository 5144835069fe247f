/* SPDX-License-Identifier: Apache-2.0 */
/* Session setups in flight on one connection: each has its own fork of the preauthentication hash chain, so that two at once
   never mix (MS-SMB2 3.2.5.3, 3.3.5.5). */
#ifndef COUNTERSIGN_TOOLS_SETUP_H
#define COUNTERSIGN_TOOLS_SETUP_H

#include "countersign/countersign.h"

/* More at once on one connection than any client has; the oldest is then given up, with a remark. */
#define SETUPS_IN_FLIGHT 1024u

typedef enum setup_kind {
    SETUP_NEW,
    SETUP_BIND,            /* another connection's session: a key for this channel */
    SETUP_REAUTHENTICATION /* the keys stay */
} setup_kind;

struct setup {
    struct setup *next; /* the newest first */
    setup_kind kind;
    uint64_t session_id; /* 0: the server has not given it yet */
    uint64_t message_id; /* of the latest request */
    csign_preauth chain;
    bool chain_known;
};

#endif
