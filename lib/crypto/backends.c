/* SPDX-License-Identifier: Apache-2.0 */
/* The list of backends and the choice from it: a new one is a file of its own and a line here. Constants with addresses in them, so
   they lie in .data.rel.ro, which nobody writes to. */
#include "backends.h"

#include "build.h"
#include "cpu.h"

const csign_backend *const csign_backends[CSIGN_BACKENDS_MAX + 1] = {
    &csign_backend_portable,
#if defined(CSIGN_HAVE_AVX2)
    &csign_backend_avx2,
#endif
#if defined(CSIGN_HAVE_AVX512)
    &csign_backend_avx512,
#endif
#if defined(CSIGN_HAVE_SHANI)
    &csign_backend_shani,
#endif
#if defined(CSIGN_HAVE_SHANI_AVX512)
    &csign_backend_shani_avx512,
#endif
#if defined(CSIGN_HAVE_AESNI)
    &csign_backend_aesni,
#endif
#if defined(CSIGN_HAVE_VAES)
    &csign_backend_vaes,
#endif
#if defined(CSIGN_HAVE_VAES_AVX512)
    &csign_backend_vaes_avx512,
#endif
#if defined(CSIGN_HAVE_ARMV8)
    &csign_backend_armv8,
#endif
#if defined(CSIGN_HAVE_ARMV8_SHA512)
    &csign_backend_armv8_sha512,
#endif
    NULL,
};

const char *csign_backend_missing(const csign_backend *backend)
{
    const uint32_t missing = backend->needs & ~csign_cpu();
    return missing == 0 ? NULL : csign_cpu_name(missing);
}

bool csign_backend_has(const csign_backend *backend, csign_primitive primitive)
{
    switch (primitive) {
    case CSIGN_CMAC:
        return backend->cmac != NULL;
    case CSIGN_GMAC:
        return backend->gmac != NULL;
    case CSIGN_HMAC:
        return backend->hmac != NULL;
    default: /* CSIGN_SHA512 */
        return backend->sha512_blocks != NULL;
    }
}

/* The last in the list: the portable one, which stands first, has every primitive. */
uint32_t csign_backend_best(csign_primitive primitive)
{
    const uint32_t cpu = csign_cpu();
    uint32_t i = CSIGN_BACKENDS_MAX;
    while (i > 0 && (csign_backends[i] == NULL || ((csign_backends[i]->needs | csign_backends[i]->suits) & ~cpu) != 0 ||
                     !csign_backend_has(csign_backends[i], primitive))) {
        i--;
    }
    return i;
}
