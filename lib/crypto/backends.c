/* SPDX-License-Identifier: Apache-2.0 */
/* The list of backends, and nothing else: a new one is a file of its own and a line here. Constants with addresses in them, so
   they lie in .data.rel.ro, which nobody writes to. */
#include "backends.h"

const csign_backend *const csign_backends[CSIGN_BACKENDS_MAX + 1] = {
    &csign_backend_portable,
    NULL,
};
