/* SPDX-License-Identifier: Apache-2.0 */
/* The preauthentication hash of a recipe (MS-SMB2 3.1.4.4.1, 3.2.5.3): which messages, and which bytes of them. */
#include <string.h>

#include "../include/countersign/crypto.h"
#include "../octets.h"
#include "../wire/header.h"
#include "recipe.h"

enum { PARTS_PER_MESSAGE = 5 };

/* Whether the recipe hashes the message at index: 0 and 1 are NEGOTIATE, the others SESSION_SETUP. */
static bool hashed(const csign_recipe *recipe, const csign_claim *claim, size_t index)
{
    csign_mistake start = recipe->choice[THING_PREAUTH_START], end = recipe->choice[THING_PREAUTH_END];
    switch (index) {
    case 0:
        return start != CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE &&
               start != CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE_REQUEST;
    case 1:
        return start != CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE &&
               start != CSIGN_MISTAKE_PREAUTH_WITHOUT_NEGOTIATE_RESPONSE;
    default:
        break;
    }
    switch (end) {
    case CSIGN_MISTAKE_PREAUTH_WITHOUT_LAST_REQUEST:
        return index + 1 != claim->preauth_count;
    case CSIGN_MISTAKE_PREAUTH_WITHOUT_FIRST_REQUEST:
        return index != 2;
    case CSIGN_MISTAKE_PREAUTH_WITHOUT_SETUP_RESPONSES:
        return (csign_load_le32(claim->preauth[index].data + HEADER_FLAGS) & CSIGN_FLAG_SERVER_TO_REDIR) == 0;
    case CSIGN_MISTAKE_PREAUTH_NEGOTIATE_ONLY:
        return false;
    default:
        return true;
    }
}

/* The bytes of a message, in PARTS_PER_MESSAGE parts: transport header, up to the signature, signature, rest, padding. */
static void split(csign_bytes parts[PARTS_PER_MESSAGE], uint8_t transport[4], const csign_recipe *recipe,
                  csign_bytes message)
{
    static const uint8_t zeros[SIGNATURE_LEN];
    csign_mistake mistake = recipe->choice[THING_PREAUTH_BYTES];
    csign_store_be32(transport, (uint32_t)(message.len & 0xFFFFFFu));
    size_t transport_len = mistake == CSIGN_MISTAKE_PREAUTH_WITH_TRANSPORT_HEADER ? TRANSPORT_HEADER_LEN : 0;
    size_t padding = mistake == CSIGN_MISTAKE_PREAUTH_PADDED ? (8 - message.len % 8) % 8 : 0;
    const uint8_t *signature =
        mistake == CSIGN_MISTAKE_PREAUTH_SIGNATURE_ZEROED ? zeros : message.data + HEADER_SIGNATURE;
    parts[0] = (csign_bytes){transport, transport_len};
    parts[1] = (csign_bytes){message.data, HEADER_SIGNATURE};
    parts[2] = (csign_bytes){signature, SIGNATURE_LEN};
    parts[3] = (csign_bytes){message.data + CSIGN_HEADER_LEN, message.len - CSIGN_HEADER_LEN};
    parts[4] = (csign_bytes){zeros, padding};
}

/* SHA-512 of the parts alone, without a value before them: joined in space. */
static void hash_bare(csign_work *work, uint8_t *space, const csign_bytes *parts, size_t part_count)
{
    csign_bytes joined = {space, 0};
    for (size_t i = 0; i < part_count; i++) {
        if (parts[i].len != 0) {
            memcpy(space + joined.len, parts[i].data, parts[i].len);
        }
        joined.len += parts[i].len;
    }
    csign_sha512(work->preauth.value, joined);
}

void csign_recipe_preauth(csign_work *work, uint8_t *space, const csign_recipe *recipe, const csign_claim *claim)
{
    csign_bytes parts[(PREAUTH_MESSAGES_MAX + 1) * PARTS_PER_MESSAGE] = {{0}};
    uint8_t transport[PREAUTH_MESSAGES_MAX + 1][4];
    size_t messages = 0, chained = 0;
    for (size_t i = 0; i < claim->preauth_count; i++) {
        if (hashed(recipe, claim, i)) {
            split(parts + messages * PARTS_PER_MESSAGE, transport[messages], recipe, claim->preauth[i]);
            messages++;
        }
    }
    if (recipe->choice[THING_PREAUTH_END] == CSIGN_MISTAKE_PREAUTH_WITH_FINAL_RESPONSE) {
        split(parts + messages * PARTS_PER_MESSAGE, transport[messages], recipe, claim->final_response);
        messages++;
    }
    csign_preauth_init(&work->preauth);
    switch (recipe->choice[THING_PREAUTH_BYTES]) {
    case CSIGN_MISTAKE_PREAUTH_HASHED_AT_ONCE:
        csign_preauth_update_parts(&work->preauth, parts, messages * PARTS_PER_MESSAGE);
        return;
    case CSIGN_MISTAKE_PREAUTH_HASHED_AT_ONCE_BARE:
        hash_bare(work, space, parts, messages * PARTS_PER_MESSAGE);
        return;
    default:
        break;
    }
    if (recipe->choice[THING_PREAUTH_START] == CSIGN_MISTAKE_PREAUTH_WITHOUT_ZEROS) {
        hash_bare(work, space, parts, PARTS_PER_MESSAGE);
        chained = 1;
    }
    for (; chained < messages; chained++) {
        csign_preauth_update_parts(&work->preauth, parts + chained * PARTS_PER_MESSAGE, PARTS_PER_MESSAGE);
    }
}
