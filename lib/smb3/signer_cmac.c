/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128-CMAC signatures (MS-SMB2 3.1.4.1, all of 3.0 and 3.0.2 and SigningAlgorithmId 1). */
#include "../crypto/cmac.h"
#include "signer.h"

void csign_signer_cmac_init(csign_cmac_key *out, const uint8_t key[16])
{
    csign_cmac_key_init(out, key);
}

void csign_signer_cmac(const csign_cmac_key *key, uint8_t tag[16], const csign_element *element)
{
    csign_cmac cmac;
    csign_cmac_start(&cmac, key);
    csign_cmac_update(&cmac, (csign_bytes){element->header, 64});
    for (size_t i = 0; i < element->part_count; i++) {
        csign_cmac_update(&cmac, element->parts[i]);
    }
    csign_cmac_finish(&cmac, tag);
}
