/* SPDX-License-Identifier: Apache-2.0 */
#include <countersign/countersign.h>
#include <string.h>

int main(void)
{
    uint8_t message[64] = {0xFE, 'S',       'M',      'B',
                           64,   [12] = 13, [24] = 1, [40] = 1}; /* an ECHO, as far as signing reads it */
    csign_signer signer;
    return csign_signer_init(&signer, CSIGN_AES_CMAC, (const uint8_t *)"sixteen byte key") != CSIGN_OK ||
           csign_sign(&signer, message, sizeof message) != CSIGN_OK ||
           csign_verify(&signer, message, sizeof message) != CSIGN_OK;
}
