/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and verifying one element (MS-SMB2 3.1.4.1, 3.1.5.1). The header is copied with SIGNED set and the signature
   field zeroed, so verification never writes to the caller's message and a failed signature changes nothing. */
#include "signer.h"

#include <string.h>

#include "../crypto/equal.h"
#include "../crypto/wipe.h"
#include "../octets.h"
#include "../wire/header.h"
#include "message_rules.h"
#include "negotiated.h"
#include "overlap.h"

static bool initialised(const csign_signer *signer)
{
    return signer != NULL && signer->kind != 0 && csign_signing_algorithm_known(signer->kind - 1);
}

static csign_signing_algorithm algorithm_of(const csign_signer *signer)
{
    return (csign_signing_algorithm)(signer->kind - 1);
}

csign_status csign_signer_init(csign_signer *out, csign_signing_algorithm algorithm, const uint8_t key[16])
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(out, 0, sizeof *out);
    if (key == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    switch (algorithm) {
    case CSIGN_HMAC_SHA256:
        csign_signer_hmac_init(&out->state.hmac, key);
        break;
    case CSIGN_AES_CMAC:
        csign_signer_cmac_init(&out->state.cmac, key);
        break;
    case CSIGN_AES_GMAC:
        csign_signer_gmac_init(&out->state.gmac, key);
        break;
    default:
        return CSIGN_BAD_ARGUMENT;
    }
    out->kind = 1 + (uint32_t)algorithm;
    return CSIGN_OK;
}

void csign_signer_wipe(csign_signer *signer)
{
    if (signer != NULL) {
        csign_wipe(signer, sizeof *signer);
    }
}

/* Whether the parts are usable; *len is the length of the whole element. */
static bool parts_ok(const csign_bytes *parts, size_t part_count, size_t *len)
{
    size_t total = CSIGN_HEADER_LEN;
    if (parts == NULL && part_count != 0) {
        return false;
    }
    for (size_t i = 0; i < part_count; i++) {
        if (parts[i].data == NULL && parts[i].len != 0) {
            return false;
        }
        if (parts[i].len > SIZE_MAX - total) {
            return false;
        }
        total += parts[i].len;
    }
    *len = total;
    return true;
}

static bool overlaps_header(const uint8_t *header, const csign_bytes *parts, size_t part_count)
{
    bool overlap = false;
    for (size_t i = 0; i < part_count; i++) {
        overlap |= csign_overlap(header, CSIGN_HEADER_LEN, parts[i].data, parts[i].len);
    }
    return overlap;
}

static void mac(const csign_signer *signer, uint8_t tag[16], const uint8_t header[64], const csign_bytes *parts,
                size_t part_count)
{
    uint8_t as_signed[CSIGN_HEADER_LEN];
    memcpy(as_signed, header, sizeof as_signed);
    csign_store_le32(as_signed + HEADER_FLAGS, csign_load_le32(header + HEADER_FLAGS) | CSIGN_FLAG_SIGNED);
    memset(as_signed + HEADER_SIGNATURE, 0, 16);
    csign_element element = {as_signed, parts, part_count};
    switch (algorithm_of(signer)) {
    case CSIGN_HMAC_SHA256:
        csign_signer_hmac(&signer->state.hmac, tag, &element);
        break;
    case CSIGN_AES_CMAC:
        csign_signer_cmac(&signer->state.cmac, tag, &element);
        break;
    default: /* CSIGN_AES_GMAC: initialised() lets no other pass */
        csign_signer_gmac(&signer->state.gmac, tag, &element);
        break;
    }
}

csign_status csign_mac(const csign_signer *signer, uint8_t tag[16], const uint8_t header[64], const csign_bytes *parts,
                       size_t part_count)
{
    size_t len = 0;
    if (tag == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (!initialised(signer) || header == NULL || !parts_ok(parts, part_count, &len)) {
        memset(tag, 0, 16);
        return CSIGN_BAD_ARGUMENT;
    }
    mac(signer, tag, header, parts, part_count);
    return CSIGN_OK;
}

csign_status csign_sign_parts(const csign_signer *signer, uint8_t header[64], const csign_bytes *parts,
                              size_t part_count)
{
    size_t len = 0;
    if (!initialised(signer) || header == NULL || !parts_ok(parts, part_count, &len) ||
        overlaps_header(header, parts, part_count)) {
        return CSIGN_BAD_ARGUMENT;
    }
    csign_header fields;
    csign_status status = csign_message_shape(&fields, header, len);
    if (status == CSIGN_OK) {
        status = csign_message_signable(&fields, algorithm_of(signer));
    }
    if (status != CSIGN_OK) {
        return status;
    }
    uint8_t tag[16];
    mac(signer, tag, header, parts, part_count);
    csign_store_le32(header + HEADER_FLAGS, fields.flags | CSIGN_FLAG_SIGNED);
    memcpy(header + HEADER_SIGNATURE, tag, sizeof tag);
    return CSIGN_OK;
}

csign_status csign_verify_parts(const csign_signer *signer, const uint8_t header[64], const csign_bytes *parts,
                                size_t part_count)
{
    size_t len = 0;
    if (!initialised(signer) || header == NULL || !parts_ok(parts, part_count, &len)) {
        return CSIGN_BAD_ARGUMENT;
    }
    csign_header fields;
    csign_status status = csign_message_shape(&fields, header, len);
    if (status != CSIGN_OK) {
        return status;
    }
    if (csign_message_never_signed(&fields)) {
        return CSIGN_NOT_SIGNED_BY_RULE;
    }
    if ((fields.flags & CSIGN_FLAG_SIGNED) == 0) {
        return CSIGN_NOT_SIGNED;
    }
    uint8_t tag[16];
    mac(signer, tag, header, parts, part_count);
    bool good = csign_equal_16(tag, fields.signature);
    csign_wipe(tag, sizeof tag); /* the right tag of a forged message must not linger */
    return good ? CSIGN_OK : CSIGN_BAD_SIGNATURE;
}

csign_status csign_sign(const csign_signer *signer, uint8_t *message, size_t len)
{
    if (!initialised(signer) || message == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (len < CSIGN_HEADER_LEN) {
        return CSIGN_TRUNCATED;
    }
    csign_bytes body = {message + CSIGN_HEADER_LEN, len - CSIGN_HEADER_LEN};
    return csign_sign_parts(signer, message, &body, 1);
}

csign_status csign_verify(const csign_signer *signer, const uint8_t *message, size_t len)
{
    if (!initialised(signer) || message == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (len < CSIGN_HEADER_LEN) {
        return CSIGN_TRUNCATED;
    }
    csign_bytes body = {message + CSIGN_HEADER_LEN, len - CSIGN_HEADER_LEN};
    return csign_verify_parts(signer, message, &body, 1);
}
