/* SPDX-License-Identifier: Apache-2.0 */
/* A connection's NEGOTIATE exchange through the library, both sides of it, from a few bytes that say what the client offers. For the
   target `sequence`. */
#ifndef FUZZ_CONNECT_H
#define FUZZ_CONNECT_H

#include "session_model.h"

enum { CONNECT_MESSAGE_MAX = 512 };

typedef struct connect_messages {
    uint8_t request[CONNECT_MESSAGE_MAX], response[CONNECT_MESSAGE_MAX];
    size_t request_len, response_len;
} connect_messages;

/* What the client offers, read from an input: dialect u8 (modulo 5), signing algorithms u8, ciphers u8: two of each, low nibble
   first; a nibble of 8 and more offers none, and other numbers may be unknown ones. For 3.0 and 3.0.2 the second nibble of the ciphers says whether the client can
   encrypt. */
typedef struct connect_offer {
    uint8_t dialect, signing, ciphers, salt;
} connect_offer;

/* What the two sides must agree on: the first known offer, or what goes without saying. */
void connect_expected(model_negotiated *out, const connect_offer *offer);

/* The exchange. Both sides must come to the same result, which is returned. */
csign_negotiated connect_negotiate(connect_messages *out, const connect_offer *offer);

#endif
