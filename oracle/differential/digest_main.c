/* SPDX-License-Identifier: Apache-2.0 */
/* The same cases where there are no oracles, on another machine: lib/ alone must reach the digests that an oracle's answers gave.
   usage: digest DIGESTS CASES [OPERATION] */
#include <stdlib.h>
#include <string.h>

#include "digests.h"

int main(int argc, char **argv)
{
    static const struct operation *const operations[] = {
        &operation_cmac, &operation_gmac,       &operation_hmac,    &operation_sha512,
        &operation_kdf,  &operation_derive_key, &operation_preauth, &operation_sign,
    };
    bool ok = true;
    size_t ran = 0;
    uint64_t cases = argc >= 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (cases == 0) {
        fprintf(stderr, "usage: %s DIGESTS CASES [OPERATION]\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (argc > 3 && strcmp(argv[3], operations[i]->name) != 0)
            continue;
        struct run run;
        ran++;
        run_init(&run, operations[i], DIGEST_SEED, NULL);
        printf("%s, %u bit, %s\n", operations[i]->name, (unsigned)(8 * sizeof(void *)),
               *(const uint8_t *)&(const uint16_t){1} ? "little endian" : "big endian");
        run_cases(&run, cases);
        ok &= strata_print(&run.strata);
        ok &= digest_demand(argv[1], &run);
        run_free(&run);
    }
    printf("%zu operations: %s\n", ran, ok && ran ? "passed" : "FAILED");
    return ok && ran ? 0 : 1;
}
