/* SPDX-License-Identifier: Apache-2.0 */
/* A message's header (message.h) in registers of x86-64, with SSE2, which every one of these processors has. */
#ifndef COUNTERSIGN_CRYPTO_HEADER_X86_H
#define COUNTERSIGN_CRYPTO_HEADER_X86_H

#include <emmintrin.h>

#include "message.h"

/* Sixteen bytes of a header, number i of 0..3, as they are when the message is signed. */
static inline __attribute__((always_inline)) __m128i header_block(const uint8_t *header, unsigned i)
{
    if (i == MESSAGE_ZEROS_AT / 16) {
        return _mm_setzero_si128();
    }
    const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(header + 16 * i));
    return i == MESSAGE_FLAG_AT / 16 ? _mm_or_si128(block, _mm_cvtsi32_si128(MESSAGE_FLAG)) : block;
}

#endif
