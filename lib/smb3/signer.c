/* SPDX-License-Identifier: Apache-2.0 */
/* A signer: a key made ready by one backend for one of the three signing algorithms (MS-SMB2 3.1.4.1), and the signature of an
   element under it. The signer holds the backend's place in the list, not its address: a signer that was overwritten can then
   call nothing but a backend. */
#include "signer.h"

#include <string.h>

#include "../crypto/wipe.h"
#include "../octets.h"
#include "../wire/header.h"
#include "negotiated.h"

_Static_assert(MESSAGE_HEADER == CSIGN_HEADER_LEN && MESSAGE_FLAG_AT == (int)HEADER_FLAGS &&
                   MESSAGE_FLAG == CSIGN_FLAG_SIGNED && MESSAGE_ZEROS_AT == (int)HEADER_SIGNATURE,
               "backends see the header as it is signed");

const char *csign_backend_name(const csign_signer *signer)
{
    return csign_signer_usable(signer) ? csign_signer_backend(signer)->name : "none";
}

/* A key's entry writes all of its key, so only what other algorithms would need is left to be set to zero. */
csign_status csign_signer_init_by(csign_signer *out, uint32_t backend, csign_signing_algorithm algorithm,
                                  const uint8_t key[16])
{
    static const size_t key_sizes[] = {sizeof out->state.hmac, sizeof out->state.cmac, sizeof out->state.gmac};
    const csign_backend *const by = csign_backends[backend];
    switch (algorithm) {
    case CSIGN_HMAC_SHA256:
        by->hmac_key(&out->state.hmac, (csign_bytes){key, 16});
        break;
    case CSIGN_AES_CMAC:
        by->cmac_key(&out->state.cmac, key);
        break;
    default: /* CSIGN_AES_GMAC */
        by->gmac_key(&out->state.gmac, key);
        break;
    }
    const size_t written = key_sizes[algorithm];
    memset((uint8_t *)&out->state + written, 0, sizeof out->state - written);
    out->unused[0] = out->unused[1] = 0;
    out->backend = backend;
    out->kind = 1 + (uint32_t)algorithm;
    return CSIGN_OK;
}

csign_status csign_signer_init(csign_signer *out, csign_signing_algorithm algorithm, const uint8_t key[16])
{
    static const csign_primitive primitives[] = {CSIGN_HMAC, CSIGN_CMAC, CSIGN_GMAC};
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (key == NULL || !csign_signing_algorithm_known(algorithm)) {
        memset(out, 0, sizeof *out);
        return CSIGN_BAD_ARGUMENT;
    }
    return csign_signer_init_by(out, csign_backend_best(primitives[algorithm]), algorithm, key);
}

void csign_signer_wipe(csign_signer *signer)
{
    if (signer != NULL) {
        csign_wipe(signer, sizeof *signer);
    }
}
