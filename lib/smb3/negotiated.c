/* SPDX-License-Identifier: Apache-2.0 */
/* Dialects, algorithms and ciphers that go together: see negotiated.h. */
#include "negotiated.h"

bool csign_dialect_known(uint32_t dialect)
{
    return dialect == CSIGN_SMB_2_0_2 || dialect == CSIGN_SMB_2_1 || dialect == CSIGN_SMB_3_0 ||
           dialect == CSIGN_SMB_3_0_2 || dialect == CSIGN_SMB_3_1_1;
}

bool csign_signing_algorithm_known(uint32_t algorithm)
{
    return algorithm <= CSIGN_AES_GMAC;
}

bool csign_cipher_known(uint32_t cipher)
{
    return cipher <= CSIGN_AES_256_GCM;
}

bool csign_negotiated_possible(const csign_negotiated *negotiated)
{
    csign_signing_algorithm signing = negotiated->signing_algorithm;
    csign_cipher cipher = negotiated->cipher;
    switch (negotiated->dialect) {
    case CSIGN_SMB_2_0_2:
    case CSIGN_SMB_2_1:
        return signing == CSIGN_HMAC_SHA256 && cipher == CSIGN_CIPHER_NONE;
    case CSIGN_SMB_3_0:
    case CSIGN_SMB_3_0_2:
        return signing == CSIGN_AES_CMAC && (cipher == CSIGN_CIPHER_NONE || cipher == CSIGN_AES_128_CCM);
    case CSIGN_SMB_3_1_1:
        return csign_signing_algorithm_known(signing) && csign_cipher_known(cipher) &&
               (negotiated->signing_negotiated || signing == CSIGN_AES_CMAC);
    default:
        return false;
    }
}
