/* SPDX-License-Identifier: Apache-2.0 */
/* A recipe: how a signer made its signature, as one choice for each thing that can go wrong; CSIGN_MISTAKE_NONE is the
   standard's way. From it come a key, a nonce, the bytes covered, and the signature. */
#ifndef COUNTERSIGN_DIAGNOSE_RECIPE_H
#define COUNTERSIGN_DIAGNOSE_RECIPE_H

#include "../include/countersign/message.h"
#include "../include/countersign/preauth.h"
#include "mistakes.h"

enum {
    SIGNATURE_LEN = 16,
    TRANSPORT_HEADER_LEN = 4,
    PADDING_MAX = 15,
    AROUND_MAX = TRANSPORT_HEADER_LEN + PADDING_MAX,
    SESSION_KEY_LEN = 16,
    PREAUTH_MESSAGES_MAX = 64
};

typedef struct csign_recipe {
    csign_mistake choice[THING_COUNT];
} csign_recipe;

/* Everything on the way that is secret or large. Bytes only, so that it can begin at any address of the scratch; behind it is as much
   space as the frame with a transport header and padding, or all messages of the hash with these, need. */
typedef struct csign_work {
    csign_preauth preauth;
    uint8_t session_key[SESSION_KEY_LEN];
    uint8_t kdf_input[4 + 16 + 1 + 64 + 4];
    uint8_t mac[32]; /* of the key derivation, then of an HMAC signature */
    uint8_t key[SESSION_KEY_LEN];
    uint8_t header[CSIGN_HEADER_LEN];
    uint8_t tag[SIGNATURE_LEN];
} csign_work;

/* csign_recipe_has returns claim_has with the HAS_OF_RECIPE bits of this recipe. */
uint64_t csign_recipe_has(const csign_recipe *recipe, const csign_claim *claim, uint64_t claim_has);

/* csign_recipe_algorithm returns the algorithm that the recipe signs with. */
csign_signing_algorithm csign_recipe_algorithm(const csign_recipe *recipe, const csign_claim *claim);

/* csign_recipe_key makes the key; the view is of work or of the claim. used->preauth is set if a hash went into it. */
csign_bytes csign_recipe_key(csign_work *work, uint8_t *space, csign_explanation *used, const csign_recipe *recipe,
                             const csign_claim *claim);

/* csign_recipe_preauth leaves the hash of the claim's messages in work->preauth. */
void csign_recipe_preauth(csign_work *work, uint8_t *space, const csign_recipe *recipe, const csign_claim *claim);

/* csign_recipe_sign leaves the signature in work->tag, and what it was made with in *used. space: see csign_work. */
void csign_recipe_sign(csign_work *work, uint8_t *space, csign_explanation *used, const csign_recipe *recipe,
                       const csign_claim *claim);

#endif
