/* SPDX-License-Identifier: Apache-2.0 */
/* What the cases of a run covered. A family is a set of strata of one kind (the lengths, the single bits of a key); each
   operation names the families it must fill, and a stratum without a case fails the run. */
#ifndef ORACLE_DIFFERENTIAL_STRATA_H
#define ORACLE_DIFFERENTIAL_STRATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum family {
    FAMILY_LENGTH,
    FAMILY_LENGTH_CLASS,
    FAMILY_EDGE,
    FAMILY_CONTENT,
    FAMILY_KEY,
    FAMILY_KEY_BIT,
    FAMILY_KEY_LENGTH,
    FAMILY_CARRY,
    FAMILY_NONCE,
    FAMILY_LABEL_LENGTH,
    FAMILY_CONTEXT_LENGTH,
    FAMILY_OUT_LENGTH,
    FAMILY_OUT_CLASS,
    FAMILY_DERIVED,
    FAMILY_DERIVED_FROM,
    FAMILY_CHAIN,
    FAMILY_PARTS,
    FAMILY_SIGN_NONCE,
    FAMILY_SIGN_OUTCOME,
    FAMILIES
};

struct strata {
    uint64_t *counts[FAMILIES];
    uint64_t cases;
};

void strata_init(struct strata *strata, const enum family *families, size_t count);
void strata_free(struct strata *strata);

/* One more case in a stratum. Ends the process if the operation did not name the family or the member is none of it. */
void strata_hit(struct strata *strata, enum family family, size_t member);

/* Prints every family with its counts; false if a stratum is empty. */
bool strata_print(const struct strata *strata);

#endif
