/* SPDX-License-Identifier: Apache-2.0 */
/* What a caller gives to sign or to verify, whole or in parts, before any field of it is looked at. Inline, for speed with short messages. */
#ifndef COUNTERSIGN_SMB3_ELEMENT_H
#define COUNTERSIGN_SMB3_ELEMENT_H

#include "overlap.h"
#include "signer.h"

/* csign_element_whole takes a message of len bytes: CSIGN_OK, CSIGN_BAD_ARGUMENT, CSIGN_TRUNCATED. *body, which *out points to, is what lies
   behind the header. */
static inline csign_status csign_element_whole(csign_message *out, csign_bytes *body, const csign_signer *signer,
                                               const uint8_t *message, size_t len)
{
    if (!csign_signer_usable(signer) || message == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (len < CSIGN_HEADER_LEN) {
        return CSIGN_TRUNCATED;
    }
    *body = (csign_bytes){message + CSIGN_HEADER_LEN, len - CSIGN_HEADER_LEN};
    *out = (csign_message){message, body, 1};
    return CSIGN_OK;
}

/* csign_element_parts takes a header and parts; *len is the length of it all: CSIGN_OK, CSIGN_BAD_ARGUMENT. */
static inline csign_status csign_element_parts(csign_message *out, size_t *len, const csign_signer *signer,
                                               const uint8_t *header, const csign_bytes *parts, size_t part_count)
{
    *len = CSIGN_HEADER_LEN;
    if (!csign_signer_usable(signer) || header == NULL || (parts == NULL && part_count != 0)) {
        return CSIGN_BAD_ARGUMENT;
    }
    for (size_t i = 0; i < part_count; i++) {
        if ((parts[i].data == NULL && parts[i].len != 0) || parts[i].len > SIZE_MAX - *len) {
            return CSIGN_BAD_ARGUMENT;
        }
        *len += parts[i].len;
    }
    *out = (csign_message){header, parts, part_count};
    return CSIGN_OK;
}

/* csign_element_overlaps says whether a part shares bytes with the header, which signing writes to. */
static inline bool csign_element_overlaps(const csign_message *element)
{
    bool overlap = false;
    for (size_t i = 0; i < element->part_count; i++) {
        overlap |= csign_overlap(element->header, CSIGN_HEADER_LEN, element->parts[i].data, element->parts[i].len);
    }
    return overlap;
}

#endif
