/* SPDX-License-Identifier: Apache-2.0 */
/* Why an encrypted message does not open: which mistakes with its cipher key (MS-SMB2 3.1.4.2, 3.1.4.3) make it open. */
#ifndef COUNTERSIGN_TOOLS_TRANSFORM_MISTAKE_H
#define COUNTERSIGN_TOOLS_TRANSFORM_MISTAKE_H

#include "conversation.h"

/* transform_mistake looks for up to two mistakes, with the candidates of ring; plain has room for the ciphertext's length and is then of
   no use. Returns a sentence that lives as long as the conversation's world, or NULL: nothing was found, or nothing is looked for. */
const char *transform_mistake(conversation *c, keyring *ring, const transform *t, sender from, uint8_t *plain);

#endif
