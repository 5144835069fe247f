/* SPDX-License-Identifier: Apache-2.0 */
/* What a first user writes: sign an ECHO and verify it. */
#include <countersign/countersign.h>

int main(void)
{
    uint8_t echo[64] = {0xFE, 'S', 'M', 'B', 64, [12] = 13, [24] = 1, [40] = 1};
    csign_signer signer;
    return csign_signer_init(&signer, CSIGN_AES_CMAC, (const uint8_t *)"sixteen byte key") != CSIGN_OK ||
           csign_sign(&signer, echo, sizeof echo) != CSIGN_OK || csign_verify(&signer, echo, sizeof echo) != CSIGN_OK;
}
