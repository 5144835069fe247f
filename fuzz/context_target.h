/* SPDX-License-Identifier: Apache-2.0 */
/* The one driver of the context_* targets. Each of them is a type of context: what its Data must be in a request and in a
   response (MS-SMB2 2.2.3.1, 2.2.4.1, 3.2.5.2, 3.3.5.4), which values it has, and what its canonical form is.
   Input: u8 (bit 0: in a response; bits 1, 2: how far what precedes is shifted; bit 7: padding and Reserved are not zero), u8
   (modulo the arrangements of context_target.c: what stands around the context), Data. */
#ifndef FUZZ_CONTEXT_TARGET_H
#define FUZZ_CONTEXT_TARGET_H

#include "fuzz.h"

typedef struct context_subject {
    uint16_t type;
    bool may_repeat; /* in a request a second one is passed over */
    /* CSIGN_OK, CSIGN_TRUNCATED: too short for its fixed part or counts, or CSIGN_MALFORMED. */
    csign_status (*judge)(csign_bytes data, bool response);
    /* Writes the values of a sound context. */
    void (*expect)(csign_negotiate_contexts *out, csign_bytes data);
    /* Where the status of an optional feature stands, whose error is no error in a request; NULL: no such feature. */
    csign_status *(*own_status)(csign_negotiate_contexts *out);
    /* *copy is a sound Data; makes it canonical and returns its length. NULL: it is. */
    size_t (*canonical)(uint8_t *copy, csign_bytes data);
} context_subject;

void context_one(const context_subject *subject, const uint8_t *input, size_t size);

/* For judge: `fixed` bytes in all stand before the ids, whose number, at least one, is the u16 at 0. */
csign_status context_judge_list(csign_bytes data, size_t fixed);
size_t context_ids(csign_bytes data); /* that number */

#endif
