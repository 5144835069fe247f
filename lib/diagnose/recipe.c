/* SPDX-License-Identifier: Apache-2.0 */
/* The signature of a recipe (MS-SMB2 3.1.4.1): the header as it stood while signing, the bytes covered, the nonce, the
   MAC. */
#include <string.h>

#include "../include/countersign/crypto.h"
#include "../octets.h"
#include "../wire/header.h"
#include "recipe.h"

#define FLAGS_PRIORITY 0x70u

static void zero(csign_work *work, size_t at, size_t len)
{
    memset(work->header + at, 0, len);
}

/* The header while signing, but for its signature field. */
static void make_header(csign_work *work, const csign_recipe *recipe, const csign_claim *claim)
{
    memcpy(work->header, claim->frame.data + claim->offset, CSIGN_HEADER_LEN);
    uint32_t flags = csign_load_le32(work->header + HEADER_FLAGS);
    uint32_t cleared = 0;
    cleared |= recipe->choice[THING_SIGNED_FLAG] == CSIGN_MISTAKE_SIGNED_FLAG_LATE ? CSIGN_FLAG_SIGNED : 0;
    cleared |= recipe->choice[THING_PRIORITY] == CSIGN_MISTAKE_PRIORITY_MASKED ? FLAGS_PRIORITY : 0;
    csign_store_le32(work->header + HEADER_FLAGS, (flags | CSIGN_FLAG_SIGNED) & ~cleared);
    switch (recipe->choice[THING_LATE_FIELD]) {
    case CSIGN_MISTAKE_NEXT_COMMAND_LATE:
        zero(work, HEADER_NEXT_COMMAND, 4);
        break;
    case CSIGN_MISTAKE_MESSAGE_ID_LATE:
        zero(work, HEADER_MESSAGE_ID, 8);
        break;
    case CSIGN_MISTAKE_SESSION_ID_LATE:
        zero(work, HEADER_SESSION_ID, 8);
        break;
    case CSIGN_MISTAKE_TREE_ID_LATE:
        zero(work, HEADER_TREE_ID, 4);
        break;
    case CSIGN_MISTAKE_CREDITS_LATE:
        zero(work, HEADER_CREDITS, 2);
        break;
    case CSIGN_MISTAKE_CREDIT_CHARGE_LATE:
        zero(work, HEADER_CREDIT_CHARGE, 2);
        break;
    case CSIGN_MISTAKE_STATUS_LATE:
        zero(work, HEADER_STATUS, 4);
        break;
    case CSIGN_MISTAKE_FLAGS_LATE:
        zero(work, HEADER_FLAGS, 4);
        break;
    default:
        break;
    }
}

/* Bits 0 and 1 of byte 8 of the nonce: the server's and CANCEL's. */
static unsigned right_bits(const csign_work *work)
{
    bool server = (csign_load_le32(work->header + HEADER_FLAGS) & CSIGN_FLAG_SERVER_TO_REDIR) != 0;
    bool cancel = csign_load_le16(work->header + HEADER_COMMAND) == CSIGN_COMMAND_CANCEL;
    return (server ? 1u : 0) | (cancel ? 2u : 0);
}

static void nonce_bits(uint8_t nonce[12], const csign_work *work, const csign_recipe *recipe)
{
    unsigned bits = right_bits(work), swapped = bits >> 1 | (bits & 1u) << 1;
    uint8_t *byte = nonce + 8;
    switch (recipe->choice[THING_NONCE_BITS]) {
    case CSIGN_MISTAKE_NONCE_WITHOUT_ROLE:
        bits &= 2u;
        break;
    case CSIGN_MISTAKE_NONCE_WITH_ROLE:
        bits |= 1u;
        break;
    case CSIGN_MISTAKE_NONCE_WITHOUT_CANCEL:
        bits &= 1u;
        break;
    case CSIGN_MISTAKE_NONCE_CANCEL_FROM_ASYNC:
        bits |= 2u;
        break;
    case CSIGN_MISTAKE_NONCE_BITS_SWAPPED:
        bits = swapped;
        break;
    case CSIGN_MISTAKE_NONCE_BITS_HIGH:
        bits = swapped << 6;
        break;
    case CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_9:
        byte = nonce + 9;
        break;
    case CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_10:
        byte = nonce + 10;
        break;
    case CSIGN_MISTAKE_NONCE_BITS_IN_BYTE_11:
        byte = nonce + 11;
        break;
    case CSIGN_MISTAKE_NONCE_BITS_IN_BYTES_10_AND_11:
        byte = nonce + 11;
        nonce[10] = (uint8_t)(bits & 1u);
        bits >>= 1;
        break;
    case CSIGN_MISTAKE_NONCE_BITS_HIGH_IN_BYTE_11:
        byte = nonce + 11;
        bits = swapped << 6;
        break;
    default:
        break;
    }
    *byte = (uint8_t)bits;
}

static void make_nonce(uint8_t nonce[12], const csign_work *work, const csign_recipe *recipe)
{
    memset(nonce, 0, 12);
    memcpy(nonce, work->header + HEADER_MESSAGE_ID, 8);
    nonce_bits(nonce, work, recipe);
    switch (recipe->choice[THING_NONCE_MESSAGE_ID]) {
    case CSIGN_MISTAKE_NONCE_MESSAGE_ID_BIG_ENDIAN:
        csign_store_be64(nonce, csign_load_le64(work->header + HEADER_MESSAGE_ID));
        break;
    case CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_28:
        memcpy(nonce, work->header + 28, 8);
        break;
    case CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_16:
        memcpy(nonce, work->header + 16, 8);
        break;
    case CSIGN_MISTAKE_NONCE_MESSAGE_ID_AT_20:
        memcpy(nonce, work->header + 20, 8);
        break;
    case CSIGN_MISTAKE_NONCE_SESSION_ID:
        memcpy(nonce, work->header + HEADER_SESSION_ID, 8);
        break;
    case CSIGN_MISTAKE_NONCE_ASYNC_ID:
        memcpy(nonce, work->header + HEADER_ASYNC_ID, 8);
        break;
    case CSIGN_MISTAKE_NONCE_MESSAGE_ID_LAST:
        memcpy(nonce, nonce + 8, 4);
        memcpy(nonce + 4, work->header + HEADER_MESSAGE_ID, 8);
        break;
    case CSIGN_MISTAKE_NONCE_ZERO:
        memset(nonce, 0, 8);
        break;
    default:
        break;
    }
}

static void make_range(csign_explanation *used, const csign_recipe *recipe, const csign_claim *claim)
{
    csign_mistake mistake = recipe->choice[THING_RANGE];
    used->from = claim->offset;
    used->to = claim->offset + claim->len;
    switch (mistake) {
    case CSIGN_MISTAKE_RANGE_TO_FRAME_END:
        used->to = claim->frame.len;
        break;
    case CSIGN_MISTAKE_RANGE_FROM_FRAME_START:
        used->from = 0;
        break;
    case CSIGN_MISTAKE_RANGE_WHOLE_FRAME:
        used->from = 0;
        used->to = claim->frame.len;
        break;
    case CSIGN_MISTAKE_RANGE_SHORT_1:
    case CSIGN_MISTAKE_RANGE_SHORT_2:
    case CSIGN_MISTAKE_RANGE_SHORT_3:
    case CSIGN_MISTAKE_RANGE_SHORT_4:
    case CSIGN_MISTAKE_RANGE_SHORT_5:
    case CSIGN_MISTAKE_RANGE_SHORT_6:
    case CSIGN_MISTAKE_RANGE_SHORT_7:
        used->to -= 1u + (unsigned)(mistake - CSIGN_MISTAKE_RANGE_SHORT_1);
        break;
    case CSIGN_MISTAKE_RANGE_ROUNDED_TO_8:
        used->padding = (8 - claim->len % 8) % 8;
        break;
    case CSIGN_MISTAKE_RANGE_ROUNDED_TO_16:
        used->padding = (16 - claim->len % 16) % 16;
        break;
    case CSIGN_MISTAKE_RANGE_ROUNDED_DOWN_TO_8:
        used->to -= claim->len % 8;
        break;
    case CSIGN_MISTAKE_RANGE_ROUNDED_DOWN_TO_16:
        used->to -= claim->len % 16;
        break;
    case CSIGN_MISTAKE_RANGE_HEADER_ONLY:
        used->to = used->from + CSIGN_HEADER_LEN;
        break;
    case CSIGN_MISTAKE_RANGE_BODY_ONLY:
        used->from += CSIGN_HEADER_LEN;
        break;
    case CSIGN_MISTAKE_RANGE_WITH_TRANSPORT_HEADER:
        used->transport_header = true;
        break;
    default:
        break;
    }
}

static size_t append(uint8_t *space, size_t at, const uint8_t *bytes, size_t len)
{
    memcpy(space + at, bytes, len);
    return at + len;
}

/* The covered bytes, put together in space. */
static csign_bytes cover(const csign_work *work, uint8_t *space, const csign_explanation *used,
                         const csign_recipe *recipe, const csign_claim *claim)
{
    bool left_out = recipe->choice[THING_SIGNATURE_FIELD] == CSIGN_MISTAKE_SIGNATURE_LEFT_OUT;
    size_t at = 0, from = used->from, body = claim->offset + CSIGN_HEADER_LEN;
    if (used->transport_header) {
        csign_store_be32(space, (uint32_t)(claim->frame.len & 0xFFFFFFu));
        at = TRANSPORT_HEADER_LEN;
    }
    if (from < body) {
        at = append(space, at, claim->frame.data + from, claim->offset - from);
        at = append(space, at, work->header, left_out ? HEADER_SIGNATURE : CSIGN_HEADER_LEN);
        from = body;
    }
    if (used->to >= from) {
        at = append(space, at, claim->frame.data + from, used->to - from);
    } else { /* a range that is short by more than the body */
        at -= from - used->to;
    }
    memset(space + at, 0, used->padding);
    csign_bytes covered = {space, at + used->padding};
    return covered;
}

static void make_mac(csign_work *work, uint8_t *space, const csign_explanation *used, csign_bytes key,
                     const csign_recipe *recipe, const csign_claim *claim)
{
    csign_bytes covered = cover(work, space, used, recipe, claim);
    size_t from = recipe->choice[THING_TAG] == CSIGN_MISTAKE_HMAC_LAST_BYTES ? 32 - SIGNATURE_LEN : 0;
    switch (used->algorithm) {
    case CSIGN_HMAC_SHA256:
        csign_hmac_sha256(work->mac, key, covered);
        memcpy(work->tag, work->mac + from, SIGNATURE_LEN);
        break;
    case CSIGN_AES_CMAC:
        csign_cmac_aes128(work->tag, key.data, covered);
        break;
    default: /* CSIGN_AES_GMAC: a claim has no other */
        csign_gmac_aes128(work->tag, key.data, used->nonce, covered);
        break;
    }
}

/* The signature field while signing. */
static void fill_signature(csign_work *work, uint8_t *space, const csign_explanation *used, csign_bytes key,
                           const csign_recipe *recipe, const csign_claim *claim)
{
    static const uint8_t placeholder[8] = {'B', 'S', 'R', 'S', 'P', 'Y', 'L', ' '};
    uint8_t *field = work->header + HEADER_SIGNATURE;
    memset(field, 0, SIGNATURE_LEN);
    switch (recipe->choice[THING_SIGNATURE_FIELD]) {
    case CSIGN_MISTAKE_SIGNATURE_OF_REQUEST:
        memcpy(field, claim->request_signature, SIGNATURE_LEN);
        break;
    case CSIGN_MISTAKE_SIGNATURE_PLACEHOLDER: /* what signers of SMB1 put there, and some of SMB2 after them */
        memcpy(field, placeholder, sizeof placeholder);
        break;
    case CSIGN_MISTAKE_SIGNED_TWICE:
        make_mac(work, space, used, key, recipe, claim);
        memcpy(field, work->tag, SIGNATURE_LEN);
        break;
    default:
        break;
    }
}

void csign_recipe_sign(csign_work *work, uint8_t *space, csign_explanation *used, const csign_recipe *recipe,
                       const csign_claim *claim)
{
    memset(used, 0, sizeof *used);
    used->algorithm = csign_recipe_algorithm(recipe, claim);
    csign_bytes key = csign_recipe_key(work, space, used, recipe, claim);
    used->key.len = key.len;
    memcpy(used->key.bytes, key.data, key.len < sizeof used->key.bytes ? key.len : sizeof used->key.bytes);
    make_header(work, recipe, claim);
    if (used->algorithm == CSIGN_AES_GMAC) {
        make_nonce(used->nonce, work, recipe);
    }
    make_range(used, recipe, claim);
    fill_signature(work, space, used, key, recipe, claim);
    make_mac(work, space, used, key, recipe, claim);
}
