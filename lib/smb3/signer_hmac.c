/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC-SHA256 signatures: the first 16 bytes of the MAC (MS-SMB2 3.1.4.1, all of 2.x and SigningAlgorithmId 0). */
#include <string.h>

#include "../crypto/hmac.h"
#include "../crypto/wipe.h"
#include "signer.h"

void csign_signer_hmac_init(csign_hmac_key *out, const uint8_t key[16])
{
    csign_hmac_key_init(out, (csign_bytes){key, 16});
}

void csign_signer_hmac(const csign_hmac_key *key, uint8_t tag[16], const csign_element *element)
{
    uint8_t mac[32];
    csign_hmac hmac;
    csign_hmac_start(&hmac, key);
    csign_hmac_update(&hmac, (csign_bytes){element->header, 64});
    for (size_t i = 0; i < element->part_count; i++) {
        csign_hmac_update(&hmac, element->parts[i]);
    }
    csign_hmac_finish(&hmac, mac);
    memcpy(tag, mac, 16);
    csign_wipe(mac, sizeof mac);
}
