/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a recipe (MS-SMB2 3.1.4.2, NIST SP 800-108 section 4.1), right or wrong. Built from the HMAC up, because the
   wrong ones are not what csign_derive_key can make; where there is no mistake the two must agree, which tests hold. */
#include <string.h>

#include "../include/countersign/crypto.h"
#include "recipe.h"

typedef struct constant {
    uint8_t len; /* with the NUL */
    char bytes[16];
} constant;

#define CONSTANT(string) {(uint8_t)sizeof(string), string}

static const struct {
    constant label_3_0, context_3_0, label_3_1_1;
} constants[] = {
    [CSIGN_KEY_SIGNING] = {CONSTANT("SMB2AESCMAC"), CONSTANT("SmbSign"), CONSTANT("SMBSigningKey")},
    [CSIGN_KEY_APPLICATION] = {CONSTANT("SMB2APP"), CONSTANT("SmbRpc"), CONSTANT("SMBAppKey")},
    [CSIGN_KEY_CLIENT_TO_SERVER] = {CONSTANT("SMB2AESCCM"), CONSTANT("ServerIn "), CONSTANT("SMBC2SCipherKey")},
    [CSIGN_KEY_SERVER_TO_CLIENT] = {CONSTANT("SMB2AESCCM"), CONSTANT("ServerOut"), CONSTANT("SMBS2CCipherKey")},
};

static const uint8_t zeros[64];

/* 2.1 for "not derived", 3.0, or 3.1.1 */
static csign_dialect derivation(const csign_recipe *recipe, const csign_claim *claim)
{
    switch (recipe->choice[THING_DERIVATION]) {
    case CSIGN_MISTAKE_KEY_NOT_DERIVED:
        return CSIGN_SMB_2_1;
    case CSIGN_MISTAKE_DERIVED_AS_3_0:
        return CSIGN_SMB_3_0;
    case CSIGN_MISTAKE_DERIVED_AS_3_1_1:
        return CSIGN_SMB_3_1_1;
    default:
        break;
    }
    if (claim->dialect < CSIGN_SMB_3_0) {
        return CSIGN_SMB_2_1;
    }
    return claim->dialect < CSIGN_SMB_3_1_1 ? CSIGN_SMB_3_0 : CSIGN_SMB_3_1_1;
}

static csign_key_purpose purpose(const csign_recipe *recipe)
{
    switch (recipe->choice[THING_PURPOSE]) {
    case CSIGN_MISTAKE_PURPOSE_APPLICATION:
        return CSIGN_KEY_APPLICATION;
    case CSIGN_MISTAKE_PURPOSE_CLIENT_TO_SERVER:
        return CSIGN_KEY_CLIENT_TO_SERVER;
    case CSIGN_MISTAKE_PURPOSE_SERVER_TO_CLIENT:
        return CSIGN_KEY_SERVER_TO_CLIENT;
    default:
        return CSIGN_KEY_SIGNING;
    }
}

static csign_bytes whole_session_key(const csign_recipe *recipe, const csign_claim *claim)
{
    switch (recipe->choice[THING_AUTHENTICATION]) {
    case CSIGN_MISTAKE_SESSION_FOR_CHANNEL:
    case CSIGN_MISTAKE_CHANNEL_FOR_SESSION:
    case CSIGN_MISTAKE_OTHER_SIGNING_KEY:
    case CSIGN_MISTAKE_OTHER_SESSION_KEY:
        return claim->other_session_key;
    default:
        return claim->session_key;
    }
}

/* The other authentication's hash if the recipe takes that; NULL: its own. */
static const uint8_t *other_preauth(const csign_recipe *recipe, const csign_claim *claim)
{
    switch (recipe->choice[THING_AUTHENTICATION]) {
    case CSIGN_MISTAKE_SESSION_FOR_CHANNEL:
    case CSIGN_MISTAKE_CHANNEL_FOR_SESSION:
    case CSIGN_MISTAKE_OTHER_SIGNING_KEY:
    case CSIGN_MISTAKE_OTHER_PREAUTH:
        return claim->other_preauth;
    default:
        return NULL;
    }
}

csign_signing_algorithm csign_recipe_algorithm(const csign_recipe *recipe, const csign_claim *claim)
{
    switch (recipe->choice[THING_ALGORITHM]) {
    case CSIGN_MISTAKE_ALGORITHM_HMAC_SHA256:
        return CSIGN_HMAC_SHA256;
    case CSIGN_MISTAKE_ALGORITHM_AES_CMAC:
        return CSIGN_AES_CMAC;
    case CSIGN_MISTAKE_ALGORITHM_AES_GMAC:
        return CSIGN_AES_GMAC;
    default:
        return claim->algorithm;
    }
}

/* bit where condition holds, else no bits */
static uint64_t bit_if(bool condition, uint64_t bit)
{
    return condition ? bit : 0;
}

uint64_t csign_recipe_has(const csign_recipe *recipe, const csign_claim *claim, uint64_t claim_has)
{
    csign_signing_algorithm algorithm = csign_recipe_algorithm(recipe, claim);
    csign_dialect derived = derivation(recipe, claim);
    bool hash = derived == CSIGN_SMB_3_1_1;
    uint64_t has = claim_has;
    has |= bit_if(algorithm == CSIGN_HMAC_SHA256, HAS_HMAC | HAS_ANY_LENGTH);
    has |= bit_if(algorithm == CSIGN_AES_GMAC, HAS_GMAC);
    has |= bit_if(whole_session_key(recipe, claim).len > SESSION_KEY_LEN, HAS_LONG_KEY);
    has |= bit_if(derived != CSIGN_SMB_2_1, HAS_DERIVED | HAS_ANY_LENGTH);
    has |= bit_if(derived == CSIGN_SMB_3_0, HAS_STRING_CONTEXT);
    has |= bit_if(hash, HAS_PREAUTH_CONTEXT);
    bool own = recipe->choice[THING_CONTEXT] == CSIGN_MISTAKE_NONE && other_preauth(recipe, claim) == NULL;
    has |= bit_if(hash, own ? HAS_OWN_PREAUTH : 0);
    return has;
}

static csign_bytes session_key(csign_work *work, const csign_recipe *recipe, const csign_claim *claim)
{
    csign_bytes whole = whole_session_key(recipe, claim), truncated = {work->session_key, SESSION_KEY_LEN};
    size_t from = 0, len = whole.len < SESSION_KEY_LEN ? whole.len : SESSION_KEY_LEN;
    switch (recipe->choice[THING_SESSION_KEY]) {
    case CSIGN_MISTAKE_KEY_NOT_TRUNCATED:
        return whole;
    case CSIGN_MISTAKE_KEY_LAST_BYTES:
        from = whole.len - len;
        break;
    case CSIGN_MISTAKE_KEY_ZERO:
        len = 0;
        break;
    default:
        break;
    }
    memset(work->session_key, 0, SESSION_KEY_LEN);
    memcpy(work->session_key, whole.data + from, len);
    return truncated;
}

/* A constant, which ends with a NUL, without its last `less` bytes. */
static csign_bytes view(const constant *c, size_t less)
{
    csign_bytes bytes = {(const uint8_t *)c->bytes, c->len - less};
    return bytes;
}

static csign_bytes label(const csign_recipe *recipe, csign_dialect derived)
{
    csign_mistake mistake = recipe->choice[THING_LABEL];
    bool new_label = (derived == CSIGN_SMB_3_1_1) != (mistake == CSIGN_MISTAKE_LABEL_OF_OTHER_DIALECT);
    csign_key_purpose p = purpose(recipe);
    return view(new_label ? &constants[p].label_3_1_1 : &constants[p].label_3_0,
                mistake == CSIGN_MISTAKE_LABEL_WITHOUT_NUL);
}

static csign_bytes preauth_hash(csign_work *work, uint8_t *space, csign_explanation *used, const csign_recipe *recipe,
                                const csign_claim *claim)
{
    const uint8_t *other = other_preauth(recipe, claim);
    if (other != NULL) {
        memcpy(work->preauth.value, other, sizeof work->preauth.value);
    } else {
        csign_recipe_preauth(work, space, recipe, claim);
    }
    memcpy(used->preauth, work->preauth.value, sizeof used->preauth);
    csign_bytes hash = {work->preauth.value, sizeof work->preauth.value};
    return hash;
}

static csign_bytes context(csign_work *work, uint8_t *space, csign_explanation *used, const csign_recipe *recipe,
                           const csign_claim *claim, csign_dialect derived)
{
    csign_bytes empty = {zeros, 0}, zero = {zeros, sizeof zeros};
    switch (recipe->choice[THING_CONTEXT]) {
    case CSIGN_MISTAKE_CONTEXT_WITHOUT_NUL:
        return view(&constants[purpose(recipe)].context_3_0, 1);
    case CSIGN_MISTAKE_CONTEXT_APPLICATION:
        return view(&constants[CSIGN_KEY_APPLICATION].context_3_0, 0);
    case CSIGN_MISTAKE_CONTEXT_SERVER_IN:
        return view(&constants[CSIGN_KEY_CLIENT_TO_SERVER].context_3_0, 0);
    case CSIGN_MISTAKE_CONTEXT_SERVER_OUT:
        return view(&constants[CSIGN_KEY_SERVER_TO_CLIENT].context_3_0, 0);
    case CSIGN_MISTAKE_CONTEXT_SIGNING:
        return view(&constants[CSIGN_KEY_SIGNING].context_3_0, 0);
    case CSIGN_MISTAKE_CONTEXT_EMPTY:
        return empty;
    case CSIGN_MISTAKE_CONTEXT_ZERO:
        return zero;
    default:
        break;
    }
    if (derived == CSIGN_SMB_3_0) {
        return view(&constants[purpose(recipe)].context_3_0, 0);
    }
    return preauth_hash(work, space, used, recipe, claim);
}

/* Appends bytes to the input of the key derivation. */
static size_t append(csign_work *work, size_t at, csign_bytes bytes)
{
    memcpy(work->kdf_input + at, bytes.data, bytes.len);
    return at + bytes.len;
}

/* Empty where it is missing. */
static csign_bytes length_field(const csign_recipe *recipe)
{
    static const uint8_t right[4] = {0, 0, 0, 128}, l_256[4] = {0, 0, 1, 0}, bytes[4] = {0, 0, 0, 16},
                         little[4] = {128, 0, 0, 0};
    csign_bytes field = {right, sizeof right};
    switch (recipe->choice[THING_LENGTH]) {
    case CSIGN_MISTAKE_LENGTH_256:
        field.data = l_256;
        break;
    case CSIGN_MISTAKE_LENGTH_IN_BYTES:
        field.data = bytes;
        break;
    case CSIGN_MISTAKE_LENGTH_LITTLE_ENDIAN:
        field.data = little;
        break;
    case CSIGN_MISTAKE_LENGTH_MISSING:
        field.len = 0;
        break;
    default:
        break;
    }
    return field;
}

static csign_bytes counter_field(const csign_recipe *recipe)
{
    static const uint8_t right[4] = {0, 0, 0, 1}, little[4] = {1, 0, 0, 0};
    csign_bytes field = {right, sizeof right};
    switch (recipe->choice[THING_COUNTER]) {
    case CSIGN_MISTAKE_COUNTER_ZERO:
        field.data = zeros;
        break;
    case CSIGN_MISTAKE_COUNTER_LITTLE_ENDIAN:
        field.data = little;
        break;
    case CSIGN_MISTAKE_COUNTER_MISSING:
        field.len = 0;
        break;
    default:
        break;
    }
    return field;
}

csign_bytes csign_recipe_key(csign_work *work, uint8_t *space, csign_explanation *used, const csign_recipe *recipe,
                             const csign_claim *claim)
{
    csign_dialect derived = derivation(recipe, claim);
    csign_bytes key = session_key(work, recipe, claim), derived_key = {work->key, sizeof work->key};
    if (derived == CSIGN_SMB_2_1) {
        return key;
    }
    csign_bytes first = label(recipe, derived), second = context(work, space, used, recipe, claim, derived),
                third = first;
    if (recipe->choice[THING_LABEL] == CSIGN_MISTAKE_LABEL_AND_CONTEXT_SWAPPED) {
        first = second;
        second = third;
    }
    csign_bytes separator = {zeros, recipe->choice[THING_SEPARATOR] == CSIGN_MISTAKE_SEPARATOR_MISSING ? 0 : 1};
    size_t from = recipe->choice[THING_DERIVED_BYTES] == CSIGN_MISTAKE_DERIVED_LAST_BYTES ? 16 : 0;
    size_t len = append(work, 0, counter_field(recipe));
    len = append(work, len, first);
    len = append(work, len, separator);
    len = append(work, len, second);
    len = append(work, len, length_field(recipe));
    csign_hmac_sha256(work->mac, key, (csign_bytes){work->kdf_input, len});
    memcpy(work->key, work->mac + from, sizeof work->key);
    return derived_key;
}
