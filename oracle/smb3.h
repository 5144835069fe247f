/* SPDX-License-Identifier: Apache-2.0 */
/* What SMB3 asks of the primitives, read from MS-SMB2 apart from lib/: which bytes a signature covers, its nonce, the labels of
   each key, what the preauthentication chain hashes. Each function turns a protocol's question into one for the oracles. */
#ifndef ORACLE_SMB3_H
#define ORACLE_SMB3_H

#include "diff.h"

/* Room for what a question borrows; lives as long as the question. */
struct smb3_scratch {
    uint8_t *message; /* grown as needed; free it with smb3_scratch_free */
    size_t capacity;
    uint8_t nonce[12];
    uint8_t key[16];
};
void smb3_scratch_free(struct smb3_scratch *scratch);

/* The signature of one element (header and body in one piece, 64 bytes or more) under a SigningAlgorithmId of MS-SMB2
   2.2.3.1.7: 0 HMAC-SHA256, 1 AES-CMAC, 2 AES-GMAC. MS-SMB2 3.1.4.1. */
void smb3_ask_signature(struct diff_question *out, struct smb3_scratch *scratch, unsigned algorithm,
                        const uint8_t key[16], const uint8_t *element, size_t len);

enum smb3_key { SMB3_SIGNING, SMB3_APPLICATION, SMB3_CLIENT_TO_SERVER, SMB3_SERVER_TO_CLIENT };

/* The key of a purpose at DialectRevision 0x0300, 0x0302 or 0x0311; preauth is read at 0x0311 alone. MS-SMB2 3.1.4.2. */
void smb3_ask_key(struct diff_question *out, struct smb3_scratch *scratch, enum smb3_key purpose, unsigned dialect,
                  size_t key_len, struct diff_bytes session_key, const uint8_t preauth[64]);

/* SessionKey, which in 2.x is the key itself: the first 16 bytes, padded with zeros. MS-SMB2 3.2.5.3. */
void smb3_session_key(uint8_t out[16], struct diff_bytes full);

/* The next value of the preauthentication chain. MS-SMB2 3.2.5.2, 3.3.5.4. */
void smb3_ask_preauth(struct diff_question *out, struct smb3_scratch *scratch, const uint8_t value[64],
                      struct diff_bytes message);

/* The same, compared at once like diff_compare: for fuzz targets. */
void diff_signature(const char *who, const uint8_t tag[16], unsigned algorithm, const uint8_t key[16],
                    const uint8_t *element, size_t len);
void diff_key(const char *who, const uint8_t *key, size_t key_len, enum smb3_key purpose, unsigned dialect,
              struct diff_bytes session_key, const uint8_t preauth[64]);
void diff_preauth(const char *who, const uint8_t after[64], const uint8_t before[64], struct diff_bytes message);

#endif
