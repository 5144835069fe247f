/* SPDX-License-Identifier: Apache-2.0 */
/* Which messages may be signed and verified, and with what tag, written from MS-SMB2 3.1.4.1, 3.1.5.1 and 3.2.5.1.3 apart from
   lib/smb3. The MACs are lib's one-shot primitives, which the *_diff targets compare with every oracle. */
#ifndef FUZZ_SIGN_MODEL_H
#define FUZZ_SIGN_MODEL_H

#include <countersign/countersign.h>

/* What csign_sign must answer. */
csign_status model_sign(csign_signing_algorithm algorithm, csign_bytes element);

/* What csign_verify must answer up to the MAC; CSIGN_OK: the MAC decides. */
csign_status model_verify(csign_bytes element);

/* The signature of an element of 64 bytes or more. */
void model_mac(uint8_t tag[16], csign_signing_algorithm algorithm, const uint8_t key[16], csign_bytes element);

#endif
