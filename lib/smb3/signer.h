/* SPDX-License-Identifier: Apache-2.0 */
/* What signing one message and signing many have in common. */
#ifndef COUNTERSIGN_SMB3_SIGNER_H
#define COUNTERSIGN_SMB3_SIGNER_H

#include <stdbool.h>

#include "../crypto/backends.h"
#include "../include/countersign/sign.h"

/* csign_signer_usable says whether a signer was initialised. */
bool csign_signer_usable(const csign_signer *signer);

csign_signing_algorithm csign_signer_algorithm(const csign_signer *signer);

/* csign_signer_backend: of a usable signer. */
const csign_backend *csign_signer_backend(const csign_signer *signer);

/* csign_signer_init_by is csign_signer_init with the backend of this place in csign_backends, which must run here and have the
   algorithm's primitive. */
csign_status csign_signer_init_by(csign_signer *out, uint32_t backend, csign_signing_algorithm algorithm,
                                  const uint8_t key[16]);

/* csign_signer_nonce is the GMAC nonce of a message (MS-SMB2 3.1.4.1): MessageId as on the wire, then a 32-bit word whose bit 0 says
   that the sender is the server and bit 1 that Command is CANCEL. An async response keeps its request's MessageId, so AsyncId has no
   part in it. */
csign_nonce csign_signer_nonce(const uint8_t header[64]);

/* csign_signer_mac computes the signature of a message with a header. */
void csign_signer_mac(const csign_signer *signer, uint8_t tag[16], const csign_message *message);

/* csign_signer_body gives what lies behind the header of a message of len bytes: CSIGN_OK, CSIGN_BAD_ARGUMENT, CSIGN_TRUNCATED. */
csign_status csign_signer_body(const csign_signer *signer, const uint8_t *message, size_t len, csign_bytes *body);

/* csign_signer_refuses_…: what csign_sign_parts and csign_verify_parts say before there is a signature to look at; CSIGN_OK: nothing.
   *len is then the length of the whole element. */
csign_status csign_signer_refuses_to_sign(const csign_signer *signer, const uint8_t *header, const csign_bytes *parts,
                                          size_t part_count, size_t *len);
csign_status csign_signer_refuses_to_verify(const csign_signer *signer, const uint8_t *header, const csign_bytes *parts,
                                            size_t part_count, size_t *len);

/* csign_signature_write sets SIGNED and the signature; csign_signature_good compares it, in constant time. */
void csign_signature_write(uint8_t header[64], const uint8_t tag[16]);
bool csign_signature_good(const uint8_t header[64], const uint8_t tag[16]);

#endif
