/* SPDX-License-Identifier: Apache-2.0 */
/* A loop over the backends, for targets that call what is public: `for (size_t at = 0; each_backend(CSIGN_CMAC, &at); at++)` runs its
   body once for each backend that has the primitive and runs on and suits this processor, as on one that has no more than it needs; the
   library then chooses it. The loop must be left by its end, behind which the processor is whole again. */
#ifndef FUZZ_EACH_BACKEND_H
#define FUZZ_EACH_BACKEND_H

#include "fuzz.h"
#include "lib/crypto/backends.h"

bool each_backend(csign_primitive primitive, size_t *at);

/* each_backend_of is each_backend for what a signing algorithm needs. */
bool each_backend_of(csign_signing_algorithm algorithm, size_t *at);

/* each_backend_signer makes a signer as csign_signer_init does, by the library's choice (which 0), or by that many backends before it
   among those that have what the algorithm needs and run here, the first following the last. */
csign_status each_backend_signer(csign_signer *out, unsigned which, csign_signing_algorithm algorithm,
                                 const uint8_t key[16]);

#endif
