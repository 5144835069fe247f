/* SPDX-License-Identifier: Apache-2.0 */
/* A claim: whether it can be one, and what it has that a mistake may need. */
#include "claim.h"

#include "../octets.h"
#include "../wire/header.h"
#include "recipe.h"

#define FLAGS_PRIORITY 0x70u

static bool view_ok(csign_bytes bytes)
{
    return bytes.data != NULL || bytes.len == 0;
}

static bool element_ok(const csign_claim *claim)
{
    if (claim->frame.data == NULL || claim->len < CSIGN_HEADER_LEN || claim->offset > claim->frame.len) {
        return false;
    }
    return claim->len <= claim->frame.len - claim->offset;
}

static bool dialect_ok(const csign_claim *claim)
{
    switch (claim->dialect) {
    case CSIGN_SMB_2_0_2:
    case CSIGN_SMB_2_1:
    case CSIGN_SMB_3_0:
    case CSIGN_SMB_3_0_2:
        return true;
    case CSIGN_SMB_3_1_1:
        return claim->preauth_count >= 3;
    default:
        return false;
    }
}

static bool preauth_ok(const csign_claim *claim)
{
    if (claim->preauth_count > PREAUTH_MESSAGES_MAX || (claim->preauth == NULL && claim->preauth_count != 0)) {
        return false;
    }
    for (size_t i = 0; i < claim->preauth_count; i++) {
        if (claim->preauth[i].data == NULL || claim->preauth[i].len < CSIGN_HEADER_LEN) {
            return false;
        }
    }
    return view_ok(claim->final_response) &&
           (claim->final_response.len == 0 || claim->final_response.len >= CSIGN_HEADER_LEN);
}

bool csign_claim_ok(const csign_claim *claim)
{
    return element_ok(claim) && dialect_ok(claim) && (unsigned)claim->algorithm <= CSIGN_AES_GMAC &&
           claim->session_key.data != NULL && claim->session_key.len != 0 && preauth_ok(claim) &&
           view_ok(claim->other_session_key);
}

static uint64_t bit_if(bool condition, uint64_t bit)
{
    return condition ? bit : 0;
}

static bool all_zero(const uint8_t *bytes, size_t len)
{
    uint8_t all = 0;
    for (size_t i = 0; i < len; i++) {
        all |= bytes[i];
    }
    return all == 0;
}

/* Of one message that is or may be hashed. */
static uint64_t hashed_has(csign_bytes message)
{
    return bit_if(message.len % 8 != 0, HAS_HASHED_ODD_8) |
           bit_if(!all_zero(message.data + HEADER_SIGNATURE, SIGNATURE_LEN), HAS_HASHED_SIGNATURE);
}

static uint64_t preauth_has(const csign_claim *claim)
{
    uint64_t has = bit_if(claim->preauth_count >= 3, HAS_PREAUTH);
    for (size_t i = 0; i < claim->preauth_count; i++) {
        bool response = (csign_load_le32(claim->preauth[i].data + HEADER_FLAGS) & CSIGN_FLAG_SERVER_TO_REDIR) != 0;
        has |= hashed_has(claim->preauth[i]);
        has |= bit_if(i >= 2, response ? HAS_SETUP_RESPONSE : 0);
    }
    if (claim->final_response.len != 0) {
        has |= HAS_FINAL | hashed_has(claim->final_response);
    }
    return has;
}

static uint64_t header_has(const uint8_t *header)
{
    uint32_t flags = csign_load_le32(header + HEADER_FLAGS);
    bool server = (flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0;
    bool cancel = csign_load_le16(header + HEADER_COMMAND) == CSIGN_COMMAND_CANCEL;
    uint64_t has = server ? HAS_SERVER | HAS_BITS : HAS_CLIENT;
    has |= cancel ? HAS_CANCEL | HAS_BITS : HAS_NOT_CANCEL;
    has |= bit_if((flags & CSIGN_FLAG_ASYNC) != 0, HAS_ASYNC);
    has |= bit_if((flags & FLAGS_PRIORITY) != 0, HAS_PRIORITY);
    has |= bit_if(!all_zero(header + HEADER_NEXT_COMMAND, 4), HAS_NEXT);
    has |= bit_if(!all_zero(header + HEADER_MESSAGE_ID, 8), HAS_MESSAGE_ID);
    has |= bit_if(!all_zero(header + HEADER_SESSION_ID, 8), HAS_SESSION_ID);
    has |= bit_if(!all_zero(header + HEADER_TREE_ID, 4), HAS_TREE_ID);
    has |= bit_if(!all_zero(header + HEADER_CREDITS, 2), HAS_CREDITS);
    has |= bit_if(!all_zero(header + HEADER_CREDIT_CHARGE, 2), HAS_CREDIT_CHARGE);
    has |= bit_if(!all_zero(header + HEADER_STATUS, 4), HAS_STATUS);
    has |= bit_if((flags & ~CSIGN_FLAG_SIGNED) != 0, HAS_FLAGS);
    return has;
}

uint64_t csign_claim_has(const csign_claim *claim)
{
    csign_dialect d = claim->dialect;
    uint64_t has = header_has(claim->frame.data + claim->offset) | preauth_has(claim);
    has |= bit_if(claim->algorithm != CSIGN_HMAC_SHA256, HAS_NOT_HMAC);
    has |= bit_if(claim->algorithm != CSIGN_AES_CMAC, HAS_NOT_CMAC);
    has |= bit_if(claim->algorithm != CSIGN_AES_GMAC, HAS_NOT_GMAC);
    has |= d < CSIGN_SMB_3_0 ? HAS_NOT_3_0 : HAS_3_X;
    has |= d == CSIGN_SMB_3_1_1 ? HAS_NOT_3_0 : HAS_NOT_3_1_1;
    has |= claim->channel ? HAS_CHANNEL : HAS_SESSION;
    has |= claim->other_session ? HAS_OTHER_SESSION : HAS_SAME_SESSION;
    has |= bit_if(claim->other_session_key.len != 0, HAS_OTHER_KEY);
    has |= bit_if(claim->other_preauth != NULL, HAS_OTHER_PREAUTH);
    has |= bit_if(claim->offset + claim->len < claim->frame.len, HAS_FOLLOWING);
    has |= bit_if(claim->offset != 0, HAS_PRECEDING);
    has |= bit_if(claim->len > CSIGN_HEADER_LEN, HAS_BODY);
    has |= bit_if(claim->len % 8 != 0, HAS_ODD_8);
    has |= bit_if(claim->len % 16 != 0, HAS_ODD_16);
    has |= bit_if(claim->request_signature != NULL, HAS_REQUEST_SIGNATURE);
    return has;
}
