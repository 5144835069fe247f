/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-GMAC signatures (MS-SMB2 3.1.4.1, SigningAlgorithmId 2). The nonce is MessageId as on the wire, then a
   32-bit word whose bit 0 says that the sender is the server and bit 1 that Command is CANCEL. An async response keeps
   its request's MessageId, so AsyncId has no part in it. */
#include <string.h>

#include "../crypto/gmac.h"
#include "../octets.h"
#include "../wire/header.h"
#include "signer.h"

#define NONCE_SERVER 1u
#define NONCE_CANCEL 2u

static void make_nonce(uint8_t nonce[12], const uint8_t *header)
{
    uint32_t bits = 0;
    if ((csign_load_le32(header + HEADER_FLAGS) & CSIGN_FLAG_SERVER_TO_REDIR) != 0) {
        bits |= NONCE_SERVER;
    }
    if (csign_load_le16(header + HEADER_COMMAND) == CSIGN_COMMAND_CANCEL) {
        bits |= NONCE_CANCEL;
    }
    memcpy(nonce, header + HEADER_MESSAGE_ID, 8);
    csign_store_le32(nonce + 8, bits);
}

void csign_signer_gmac_init(csign_gmac_key *out, const uint8_t key[16])
{
    csign_gmac_key_init(out, key);
}

void csign_signer_gmac(const csign_gmac_key *key, uint8_t tag[16], const csign_element *element)
{
    uint8_t nonce[12];
    make_nonce(nonce, element->header);
    csign_gmac gmac;
    csign_gmac_start(&gmac, key, nonce);
    csign_gmac_update(&gmac, (csign_bytes){element->header, 64});
    for (size_t i = 0; i < element->part_count; i++) {
        csign_gmac_update(&gmac, element->parts[i]);
    }
    csign_gmac_finish(&gmac, tag);
}
