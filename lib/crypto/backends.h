/* SPDX-License-Identifier: Apache-2.0 */
/* The list of backends: implementations of the keyed primitives and of the hashes, which may need instructions that not every
   processor has. Internal: the library takes the best that runs here, tests and measurements name one. Whatever goes through the
   list (//fuzz:backends, tests/backends_test.c, formal/constant_time) holds for a new backend from the day it is listed. */
#ifndef COUNTERSIGN_CRYPTO_BACKENDS_H
#define COUNTERSIGN_CRYPTO_BACKENDS_H

#include <stdbool.h>

#include "../include/countersign/signer_state.h"
#include "message.h"
#include "sha512.h"

enum { GMAC_ALIKE_LONGEST = 128 };

/* csign_backend: an entry that a backend does not have is NULL; with a primitive come its key's entry and, if the backend has a
   faster way for many messages, its batch. Keys of one backend are no other's, but for those of HMAC, which are the same for all.
   Constant time; only lengths show. Nothing secret is left on the stack. */
typedef struct csign_backend {
    const char *name; /* "portable" */
    uint32_t needs;   /* of cpu.h */
    uint32_t suits;   /* of cpu.h: chosen only where the processor has these too, though it runs without */

    void (*cmac_key)(csign_cmac_key *out, const uint8_t key[16]);
    void (*cmac)(const csign_cmac_key *key, uint8_t tag[16], const csign_message *message);
    void (*cmac_batch)(csign_mac_job *const *jobs, size_t count);
    /* The first count of sixteen messages of len bytes, a header at least, each in one piece; all are given, and any may be the same. */
    void (*cmac_alike)(const csign_cmac_key *const key[16], const uint8_t *const message[16], size_t len, size_t count,
                       uint8_t tags[16][16]);

    void (*gmac_key)(csign_gmac_key *out, const uint8_t key[16]);
    void (*gmac)(const csign_gmac_key *key, uint8_t tag[16], csign_nonce nonce, const csign_message *message);
    void (*gmac_batch)(csign_mac_job *const *jobs, size_t count);
    /* The first count of such messages, of at most GMAC_ALIKE_LONGEST bytes, under one key; all sixteen are given. */
    void (*gmac_alike)(const csign_gmac_key *key, const csign_nonce nonce[16], const uint8_t *const message[16],
                       size_t len, size_t count, uint8_t tags[16][16]);

    void (*hmac_key)(csign_hmac_key *out, csign_bytes key); /* a key of any length */
    void (*hmac)(const csign_hmac_key *key, uint8_t mac[32], const csign_message *message);
    void (*hmac_batch)(csign_mac_job *const *jobs, size_t count);

    csign_sha512_compress *sha512_blocks;
} csign_backend;

/* csign_backend_portable: plain C for any processor, with every primitive. */
extern const csign_backend csign_backend_portable;
extern const csign_backend csign_backend_avx2, csign_backend_avx512, csign_backend_shani, csign_backend_shani_avx512,
    csign_backend_aesni, csign_backend_vaes, csign_backend_vaes_avx512;     /* x86-64 */
extern const csign_backend csign_backend_armv8, csign_backend_armv8_sha512; /* AArch64 */

/* csign_backends: all that were compiled in, the portable one first, and of two that have the same primitive the better one later;
   NULL ends the list. Its size is fixed because PowerPC keeps an object of up to 8 bytes among its small data, which stay writable
   at run time, and a larger constant with the read-only ones. */
enum { CSIGN_BACKENDS_MAX = 8 };
extern const csign_backend *const csign_backends[CSIGN_BACKENDS_MAX + 1];

/* csign_backend_missing names what this processor lacks to run a backend; NULL: nothing, it runs. */
const char *csign_backend_missing(const csign_backend *backend);

typedef enum csign_primitive { CSIGN_CMAC, CSIGN_GMAC, CSIGN_HMAC, CSIGN_SHA512 } csign_primitive;

/* csign_backend_has says whether a backend has a primitive. */
bool csign_backend_has(const csign_backend *backend, csign_primitive primitive);

/* csign_backend_best gives the place in the list of the best backend that runs here and has the primitive. */
uint32_t csign_backend_best(csign_primitive primitive);

#endif
