/* SPDX-License-Identifier: Apache-2.0 */
/* Another message that must mean the same: the contexts of a NEGOTIATE request in another order. */
#ifndef FUZZ_REORDER_H
#define FUZZ_REORDER_H

#include "fuzz.h"

/* The request with its contexts turned by `turn` and one of an unknown type put in at `place`, in a heap block that the caller
   frees; empty when the order may matter or nobody reads it: no 3.1.1, contexts that run past the message, a type that occurs
   twice. The fixed part must be sound. */
csign_bytes reorder_contexts(csign_bytes request, size_t turn, size_t place, uint16_t unknown_type);

#endif
