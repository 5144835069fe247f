/* SPDX-License-Identifier: Apache-2.0 */
/* What signing one message and signing many have in common. */
#ifndef COUNTERSIGN_SMB3_SIGNER_H
#define COUNTERSIGN_SMB3_SIGNER_H

#include <stdbool.h>

#include "../crypto/backends.h"
#include "../crypto/equal.h"
#include "../include/countersign/sign.h"
#include "../wire/header.h"

/* csign_signer_usable says whether a signer was initialised. */
static inline bool csign_signer_usable(const csign_signer *signer)
{
    return signer != NULL && signer->kind - 1 <= CSIGN_AES_GMAC && signer->backend <= CSIGN_BACKENDS_MAX &&
           csign_backends[signer->backend] != NULL;
}

/* Of a usable signer. */
static inline csign_signing_algorithm csign_signer_algorithm(const csign_signer *signer)
{
    return (csign_signing_algorithm)(signer->kind - 1);
}

static inline const csign_backend *csign_signer_backend(const csign_signer *signer)
{
    return csign_backends[signer->backend];
}

/* csign_signer_init_by is csign_signer_init with the backend of this place in csign_backends, which must run here and have the
   algorithm's primitive. */
csign_status csign_signer_init_by(csign_signer *out, uint32_t backend, csign_signing_algorithm algorithm,
                                  const uint8_t key[16]);

/* csign_signer_nonce is the GMAC nonce of a message (MS-SMB2 3.1.4.1): MessageId as on the wire, then a 32-bit word whose bit 0 says
   that the sender is the server and bit 1 that Command is CANCEL. An async response keeps its request's MessageId, so AsyncId has no
   part in it. */
static inline csign_nonce csign_signer_nonce(const uint8_t header[64])
{
    const uint32_t server = (csign_load_le32(header + HEADER_FLAGS) & CSIGN_FLAG_SERVER_TO_REDIR) != 0;
    const uint32_t cancel = csign_load_le16(header + HEADER_COMMAND) == CSIGN_COMMAND_CANCEL;
    return (csign_nonce){csign_load_le64(header + HEADER_MESSAGE_ID), server | (cancel << 1)};
}

/* csign_signature_flag sets SIGNED, csign_signature_write the signature too; csign_signature_good compares it, in constant time. */
static inline void csign_signature_flag(uint8_t header[64])
{
    csign_store_le32(header + HEADER_FLAGS, csign_load_le32(header + HEADER_FLAGS) | CSIGN_FLAG_SIGNED);
}

static inline void csign_signature_write(uint8_t header[64], const uint8_t tag[16])
{
    csign_signature_flag(header);
    memcpy(header + HEADER_SIGNATURE, tag, 16);
}

static inline bool csign_signature_good(const uint8_t header[64], const uint8_t tag[16])
{
    return csign_equal_16(tag, header + HEADER_SIGNATURE);
}

#endif
