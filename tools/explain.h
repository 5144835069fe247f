/* SPDX-License-Identifier: Apache-2.0 */
/* A diagnosis for people and as JSON: the sentence, the evidence (both signatures, nonce, bytes covered, key), what to change. */
#ifndef COUNTERSIGN_TOOLS_EXPLAIN_H
#define COUNTERSIGN_TOOLS_EXPLAIN_H

#include <jansson.h>

#include "countersign/diagnose.h"
#include "report_style.h"

/* What is printed of a diagnosis; nothing in it is borrowed but the sentence. Holds keys. */
typedef struct explained {
    csign_diagnosis found;
    const char *sentence;
    size_t frame_len;
    bool channel;
} explained;

void explained_make(explained *out, const csign_claim *claim, const csign_diagnosis *found, const char *sentence);

/* keys: print the signing keys as well. */
void explained_print(const explained *e, const style *s, bool keys);
json_t *explained_json(const explained *e, bool keys);

#endif
