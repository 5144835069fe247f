/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and verifying one element (MS-SMB2 3.1.4.1, 3.1.5.1). The signature is computed over the caller's bytes where they are,
   so verification never writes to the message and a failed signature changes nothing. */
#include <string.h>

#include "../crypto/wipe.h"
#include "element.h"
#include "message_rules.h"

enum { HMAC_TAG = 16 }; /* bytes of the MAC that are the signature */

/* Apart from compute, which is inlined, for the sake of messages that need no memory. */
#if defined(__GNUC__) || defined(__clang__)
__attribute__((noinline))
#endif
static void
compute_hmac(const csign_signer *signer, uint8_t tag[16], const csign_message *message)
{
    uint8_t mac[32];
    csign_signer_backend(signer)->hmac(&signer->state.hmac, mac, message);
    memcpy(tag, mac, HMAC_TAG);
    csign_wipe(mac, sizeof mac);
}

static inline void compute(const csign_signer *signer, uint8_t tag[16], const csign_message *message)
{
    const csign_backend *by = csign_signer_backend(signer);
    switch (csign_signer_algorithm(signer)) {
    case CSIGN_HMAC_SHA256:
        compute_hmac(signer, tag, message);
        break;
    case CSIGN_AES_CMAC:
        by->cmac(&signer->state.cmac, tag, message);
        break;
    default: /* CSIGN_AES_GMAC: csign_signer_usable lets no other pass */
        by->gmac(&signer->state.gmac, tag, csign_signer_nonce(message->header), message);
        break;
    }
}

static inline csign_status sign(const csign_signer *signer, uint8_t header[64], const csign_message *message,
                                size_t len)
{
    const csign_status status = csign_message_signable(header, len, csign_signer_algorithm(signer));
    if (status == CSIGN_OK) {
        compute(signer, header + HEADER_SIGNATURE, message); /* whose bytes are read as zeros */
        csign_signature_flag(header);
    }
    return status;
}

static inline csign_status verify(const csign_signer *signer, const csign_message *message, size_t len)
{
    csign_status status = csign_message_verifiable(message->header, len);
    if (status == CSIGN_OK) {
        uint8_t tag[16];
        compute(signer, tag, message);
        status = csign_signature_good(message->header, tag) ? CSIGN_OK : CSIGN_BAD_SIGNATURE;
        csign_wipe(tag, sizeof tag); /* the right tag of a forged message must not linger */
    }
    return status;
}

csign_status csign_mac(const csign_signer *signer, uint8_t tag[16], const uint8_t header[64], const csign_bytes *parts,
                       size_t part_count)
{
    csign_message message;
    size_t len;
    if (tag == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    const csign_status status = csign_element_parts(&message, &len, signer, header, parts, part_count);
    if (status == CSIGN_OK) {
        compute(signer, tag, &message);
    } else {
        memset(tag, 0, 16);
    }
    return status;
}

csign_status csign_sign_parts(const csign_signer *signer, uint8_t header[64], const csign_bytes *parts,
                              size_t part_count)
{
    csign_message message;
    size_t len;
    const csign_status status = csign_element_parts(&message, &len, signer, header, parts, part_count);
    if (status != CSIGN_OK) {
        return status;
    }
    if (csign_element_overlaps(&message)) {
        return CSIGN_BAD_ARGUMENT;
    }
    return sign(signer, header, &message, len);
}

csign_status csign_verify_parts(const csign_signer *signer, const uint8_t header[64], const csign_bytes *parts,
                                size_t part_count)
{
    csign_message message;
    size_t len;
    const csign_status status = csign_element_parts(&message, &len, signer, header, parts, part_count);
    return status == CSIGN_OK ? verify(signer, &message, len) : status;
}

csign_status csign_sign(const csign_signer *signer, uint8_t *message, size_t len)
{
    csign_message element;
    csign_bytes body;
    const csign_status status = csign_element_whole(&element, &body, signer, message, len);
    return status == CSIGN_OK ? sign(signer, message, &element, len) : status;
}

csign_status csign_verify(const csign_signer *signer, const uint8_t *message, size_t len)
{
    csign_message element;
    csign_bytes body;
    const csign_status status = csign_element_whole(&element, &body, signer, message, len);
    return status == CSIGN_OK ? verify(signer, &element, len) : status;
}
