/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers that two SMB peers agree on. Values are those on the wire (MS-SMB2 2.2.3, 2.2.3.1). */
#ifndef COUNTERSIGN_TYPES_H
#define COUNTERSIGN_TYPES_H

/* csign_dialect: DialectRevision, MS-SMB2 2.2.4. */
typedef enum csign_dialect {
    CSIGN_SMB_2_0_2 = 0x0202,
    CSIGN_SMB_2_1 = 0x0210,
    CSIGN_SMB_3_0 = 0x0300,
    CSIGN_SMB_3_0_2 = 0x0302,
    CSIGN_SMB_3_1_1 = 0x0311
} csign_dialect;

/* csign_signing_algorithm: SigningAlgorithmId, MS-SMB2 2.2.3.1.7. 0 is a real algorithm: whether one was negotiated at
   all is said by csign_negotiated.signing_negotiated, never by this value. */
typedef enum csign_signing_algorithm {
    CSIGN_HMAC_SHA256 = 0,
    CSIGN_AES_CMAC = 1,
    CSIGN_AES_GMAC = 2
} csign_signing_algorithm;

/* csign_cipher: CipherId, MS-SMB2 2.2.3.1.2; NONE is also what a server answers when there is no cipher in common. */
typedef enum csign_cipher {
    CSIGN_CIPHER_NONE = 0,
    CSIGN_AES_128_CCM = 1,
    CSIGN_AES_128_GCM = 2,
    CSIGN_AES_256_CCM = 3,
    CSIGN_AES_256_GCM = 4
} csign_cipher;

/* csign_key_purpose: what a derived key is for, MS-SMB2 3.1.4.2. Cipher keys are named by direction because
   "encryption" and "decryption" swap meaning between client and server. */
typedef enum csign_key_purpose {
    CSIGN_KEY_SIGNING,
    CSIGN_KEY_APPLICATION,
    CSIGN_KEY_CLIENT_TO_SERVER,
    CSIGN_KEY_SERVER_TO_CLIENT
} csign_key_purpose;

/* SHA-512, the only preauthentication hash: HashAlgorithm, MS-SMB2 2.2.3.1.1. */
#define CSIGN_PREAUTH_SHA512 1u

#endif
