/* SPDX-License-Identifier: Apache-2.0 */
/* Which dialects there are, and which signing algorithm and cipher go with them (MS-SMB2 3.1.4.1, 3.1.4.2). */
#ifndef COUNTERSIGN_SMB3_NEGOTIATED_H
#define COUNTERSIGN_SMB3_NEGOTIATED_H

#include "../include/countersign/negotiate.h"
#include "../wire/u16_list.h"

bool csign_dialect_known(uint32_t dialect);
bool csign_signing_algorithm_known(uint32_t algorithm);
bool csign_cipher_known(uint32_t cipher); /* NONE included */

/* csign_negotiated_possible says whether some negotiation gives this result. A zeroed struct with a 3.1.1 dialect
   written into it is not possible: without signing_negotiated the algorithm is AES-CMAC, and HMAC-SHA256 would be
   chosen by accident. */
bool csign_negotiated_possible(const csign_negotiated *negotiated);

#endif
