/* SPDX-License-Identifier: Apache-2.0 */
/* See each_backend.h. */
#include "each_backend.h"

#include "lib/crypto/cpu.h"
#include "lib/smb3/signer.h"

static const csign_primitive primitives[] = {CSIGN_HMAC, CSIGN_CMAC, CSIGN_GMAC}; /* by signing algorithm */

static uint32_t whole; /* what this processor has */

/* In every target, before any input: the library looks once in a process, and to AFL++ the input that made it look would be another one
   the next time. */
__attribute__((constructor)) static void look(void)
{
    whole = csign_cpu();
}

bool each_backend(csign_primitive primitive, size_t *at)
{
    for (; csign_backends[*at]; ++*at) {
        const csign_backend *b = csign_backends[*at];
        const uint32_t takes = b->needs | b->suits;
        if (!(takes & ~whole) && csign_backend_has(b, primitive)) {
            csign_cpu_limit(takes);
            CHECK(csign_backends[csign_backend_best(primitive)] == b, "the library chooses the best backend that runs");
            return true;
        }
    }
    csign_cpu_limit(UINT32_MAX);
    return false;
}

bool each_backend_of(csign_signing_algorithm algorithm, size_t *at)
{
    return each_backend(primitives[algorithm], at);
}

csign_status each_backend_signer(csign_signer *out, unsigned which, csign_signing_algorithm algorithm,
                                 const uint8_t key[16])
{
    uint32_t able[CSIGN_BACKENDS_MAX], count = 0;
    for (uint32_t i = 0; csign_backends[i]; i++)
        if (!csign_backend_missing(csign_backends[i]) && csign_backend_has(csign_backends[i], primitives[algorithm]))
            able[count++] = i;
    CHECK(count, "the portable backend has every primitive");
    csign_status status = csign_signer_init(out, algorithm, key);
    return which ? csign_signer_init_by(out, able[count - 1 - which % count], algorithm, key) : status;
}
