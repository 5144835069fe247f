/* SPDX-License-Identifier: Apache-2.0 */
/* A claim: whether it can be one, and what it has that a mistake may need. */
#ifndef COUNTERSIGN_DIAGNOSE_CLAIM_H
#define COUNTERSIGN_DIAGNOSE_CLAIM_H

#include "mistakes.h"

/* csign_claim_ok says whether every view is one, and dialect, algorithm, key and messages are what csign_diagnose takes. */
bool csign_claim_ok(const csign_claim *claim);

/* csign_claim_has returns the HAS_ bits that depend on the claim alone. */
uint64_t csign_claim_has(const csign_claim *claim);

#endif
