/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and verifying one element (MS-SMB2 3.1.4.1, 3.1.5.1). The signature is computed over the caller's bytes where they are,
   so verification never writes to the message and a failed signature changes nothing. */
#include <string.h>

#include "../crypto/equal.h"
#include "../crypto/wipe.h"
#include "../octets.h"
#include "../wire/header.h"
#include "message_rules.h"
#include "overlap.h"
#include "signer.h"

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

csign_status csign_signer_body(const csign_signer *signer, const uint8_t *message, size_t len, csign_bytes *body)
{
    if (!csign_signer_usable(signer) || message == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (len < CSIGN_HEADER_LEN) {
        return CSIGN_TRUNCATED;
    }
    *body = (csign_bytes){message + CSIGN_HEADER_LEN, len - CSIGN_HEADER_LEN};
    return CSIGN_OK;
}

csign_status csign_signer_refuses_to_sign(const csign_signer *signer, const uint8_t *header, const csign_bytes *parts,
                                          size_t part_count, size_t *len)
{
    if (!csign_signer_usable(signer) || header == NULL || !parts_ok(parts, part_count, len) ||
        overlaps_header(header, parts, part_count)) {
        return CSIGN_BAD_ARGUMENT;
    }
    return csign_message_signable(header, *len, csign_signer_algorithm(signer));
}

csign_status csign_signer_refuses_to_verify(const csign_signer *signer, const uint8_t *header, const csign_bytes *parts,
                                            size_t part_count, size_t *len)
{
    if (!csign_signer_usable(signer) || header == NULL || !parts_ok(parts, part_count, len)) {
        return CSIGN_BAD_ARGUMENT;
    }
    return csign_message_verifiable(header, *len);
}

void csign_signature_write(uint8_t header[64], const uint8_t tag[16])
{
    csign_store_le32(header + HEADER_FLAGS, csign_load_le32(header + HEADER_FLAGS) | CSIGN_FLAG_SIGNED);
    memcpy(header + HEADER_SIGNATURE, tag, 16);
}

bool csign_signature_good(const uint8_t header[64], const uint8_t tag[16])
{
    return csign_equal_16(tag, header + HEADER_SIGNATURE);
}

csign_status csign_mac(const csign_signer *signer, uint8_t tag[16], const uint8_t header[64], const csign_bytes *parts,
                       size_t part_count)
{
    size_t len = 0;
    if (tag == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (!csign_signer_usable(signer) || header == NULL || !parts_ok(parts, part_count, &len)) {
        memset(tag, 0, 16);
        return CSIGN_BAD_ARGUMENT;
    }
    csign_signer_mac(signer, tag, &(csign_message){header, parts, part_count});
    return CSIGN_OK;
}

csign_status csign_sign_parts(const csign_signer *signer, uint8_t header[64], const csign_bytes *parts,
                              size_t part_count)
{
    size_t len = 0;
    const csign_status status = csign_signer_refuses_to_sign(signer, header, parts, part_count, &len);
    if (status != CSIGN_OK) {
        return status;
    }
    uint8_t tag[16];
    csign_signer_mac(signer, tag, &(csign_message){header, parts, part_count});
    csign_signature_write(header, tag);
    return CSIGN_OK;
}

csign_status csign_verify_parts(const csign_signer *signer, const uint8_t header[64], const csign_bytes *parts,
                                size_t part_count)
{
    size_t len = 0;
    const csign_status status = csign_signer_refuses_to_verify(signer, header, parts, part_count, &len);
    if (status != CSIGN_OK) {
        return status;
    }
    uint8_t tag[16];
    csign_signer_mac(signer, tag, &(csign_message){header, parts, part_count});
    const bool good = csign_signature_good(header, tag);
    csign_wipe(tag, sizeof tag); /* the right tag of a forged message must not linger */
    return good ? CSIGN_OK : CSIGN_BAD_SIGNATURE;
}

csign_status csign_sign(const csign_signer *signer, uint8_t *message, size_t len)
{
    csign_bytes body;
    const csign_status status = csign_signer_body(signer, message, len, &body);
    return status == CSIGN_OK ? csign_sign_parts(signer, message, &body, 1) : status;
}

csign_status csign_verify(const csign_signer *signer, const uint8_t *message, size_t len)
{
    csign_bytes body;
    const csign_status status = csign_signer_body(signer, message, len, &body);
    return status == CSIGN_OK ? csign_verify_parts(signer, message, &body, 1) : status;
}
