/* SPDX-License-Identifier: Apache-2.0 */
/* The table of families, and counting in it. See strata.h. */
#include "strata.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const length_classes[] = {"0..1100", "block and padding edges", "1101..65536", "65537..1 MiB"};
static const char *const contents[] = {"random", "all zero", "all ones"};
static const char *const keys[] = {"random", "all zero", "all ones", "a single bit"};
static const char *const carries[] = {"neither carries", "L carries", "K1 carries", "L and K1 carry"};
static const char *const out_classes[] = {"1..64", "1..1100", "around multiples of 32", "1..8160"};
static const char *const outcomes[] = {"signed, verified, flipped bit refused", "not signed by rule",
                                       "nonce forbidden"};

/* Few strata have labels and are printed one by one; many have numbers, and their smallest and largest count is printed. */
static const struct {
    const char *name;
    size_t size;
    const char *const *labels;
} families[FAMILIES] = {
    [FAMILY_LENGTH] = {"message lengths 0..1100", 1101, NULL},
    [FAMILY_LENGTH_CLASS] = {"message length", 4, length_classes},
    [FAMILY_EDGE] = {"block and padding edges", 59, NULL},
    [FAMILY_CONTENT] = {"message", 3, contents},
    [FAMILY_KEY] = {"key", 4, keys},
    [FAMILY_KEY_BIT] = {"single bits of a 16-byte key", 128, NULL},
    [FAMILY_KEY_LENGTH] = {"key lengths 0..200", 201, NULL},
    [FAMILY_CARRY] = {"doubling of L and K1", 4, carries},
    [FAMILY_NONCE] = {"nonces: role x CANCEL x 7 MessageIds, arbitrary", 29, NULL},
    [FAMILY_LABEL_LENGTH] = {"label lengths 0..64", 65, NULL},
    [FAMILY_CONTEXT_LENGTH] = {"context lengths 0..128", 129, NULL},
    [FAMILY_OUT_LENGTH] = {"output lengths 1..1100", 1100, NULL},
    [FAMILY_OUT_CLASS] = {"output length", 4, out_classes},
    [FAMILY_DERIVED] = {"dialect x purpose x length of the key", 18, NULL},
    [FAMILY_DERIVED_FROM] = {"the same x session keys of 0..64 bytes", 18 * 65, NULL},
    [FAMILY_CHAIN] = {"messages in a chain 0..4", 5, NULL},
    [FAMILY_PARTS] = {"parts 0..6", 7, NULL},
    [FAMILY_SIGN_NONCE] = {"algorithm x role x CANCEL x 7 MessageIds", 3 * 28, NULL},
    [FAMILY_SIGN_OUTCOME] = {"csign_sign", 3, outcomes},
};

void strata_init(struct strata *strata, const enum family *named, size_t count)
{
    *strata = (struct strata){0};
    for (size_t i = 0; i < count; i++) {
        uint64_t *counts = calloc(families[named[i]].size, sizeof *counts);
        if (counts == NULL)
            abort();
        strata->counts[named[i]] = counts;
    }
}

void strata_free(struct strata *strata)
{
    for (size_t i = 0; i < FAMILIES; i++)
        free(strata->counts[i]);
}

void strata_hit(struct strata *strata, enum family family, size_t member)
{
    if (strata->counts[family] == NULL || member >= families[family].size) {
        fprintf(stderr, "no stratum %zu in %s here\n", member, families[family].name);
        abort();
    }
    strata->counts[family][member]++;
}

static bool print_family(const uint64_t *counts, const char *name, size_t size, const char *const *labels)
{
    uint64_t least = UINT64_MAX, most = 0;
    size_t empty = 0;
    for (size_t i = 0; i < size; i++) {
        if (counts[i] < least)
            least = counts[i];
        if (counts[i] > most)
            most = counts[i];
        if (counts[i])
            continue;
        if (empty++ == 0)
            printf("  EMPTY stratum: %s, number %zu %s\n", name, i, labels ? labels[i] : "");
    }
    if (labels == NULL)
        printf("  %s: %zu strata, %" PRIu64 "..%" PRIu64 " cases each", name, size, least, most);
    else
        for (size_t i = 0; i < size; i++)
            printf("%s %s %" PRIu64, i ? "," : (printf("  %s:", name), ""), labels[i], counts[i]);
    printf(empty ? "; %zu EMPTY\n" : "\n", empty);
    return empty == 0;
}

bool strata_print(const struct strata *strata)
{
    bool filled = true;
    for (size_t i = 0; i < FAMILIES; i++)
        if (strata->counts[i] &&
            !print_family(strata->counts[i], families[i].name, families[i].size, families[i].labels))
            filled = false;
    return filled;
}
