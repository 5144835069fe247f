/* SPDX-License-Identifier: Apache-2.0 */
/* The list of backends: implementations of the keyed primitives and of SHA-512, one file each, that may need instructions which
   not every processor has. Internal: it exists so that tests can name a backend. Whatever goes through the list
   (//fuzz:backends, tests/backends_test.c, formal/constant_time) holds for a new backend from the day it is listed. */
#ifndef COUNTERSIGN_CRYPTO_BACKENDS_H
#define COUNTERSIGN_CRYPTO_BACKENDS_H

#include <stddef.h>
#include <stdint.h>

#include "../include/countersign/bytes.h"

/* csign_backend: entry points take one message in part_count pieces, empty ones among them; the result is that of the pieces
   joined. An entry that the backend does not have is NULL. Constant time; only lengths show. */
typedef struct csign_backend {
    const char *name;             /* "portable" */
    const char *(*missing)(void); /* what this processor lacks to run it, for people to read; NULL: nothing, it runs */
    void (*cmac_aes128)(uint8_t tag[16], const uint8_t key[16], const csign_bytes *parts, size_t part_count);
    void (*gmac_aes128)(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const csign_bytes *parts,
                        size_t part_count);
    void (*hmac_sha256)(uint8_t mac[32], csign_bytes key, const csign_bytes *parts, size_t part_count);
    void (*sha512)(uint8_t digest[64], const csign_bytes *parts, size_t part_count);
} csign_backend;

/* csign_backend_portable: plain C for any processor, with every entry. */
extern const csign_backend csign_backend_portable;

/* csign_backends: all that were compiled in, the portable one first; NULL ends the list. Its size is fixed because PowerPC keeps an
   object of up to 8 bytes among its small data, which stay writable at run time, and a larger constant with the read-only ones. */
enum { CSIGN_BACKENDS_MAX = 7 };
extern const csign_backend *const csign_backends[CSIGN_BACKENDS_MAX + 1];

#endif
