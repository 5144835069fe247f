/* SPDX-License-Identifier: Apache-2.0 */
/* What an oracle is: somebody else's implementation of the primitives that SMB3 signing is made of, behind one small struct.
   Each adapter is a shared object of its own that exports one symbol, csign_oracle, and nothing else: two crypto libraries
   whose symbols collide (BoringSSL and OpenSSL) then live in one process. An adapter never includes a header of lib/ and shares
   no code with it: two readings of the standard are the point. How to add one: README.md. */
#ifndef ORACLE_ORACLE_H
#define ORACLE_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Raised whenever struct oracle changes, so that a stale shared object is refused instead of misread. */
#define ORACLE_INTERFACE 2u

/* The operations, in the order of the struct's entries; their names in MATRIX.json are those of the entries. */
enum oracle_operation {
    ORACLE_CMAC_AES128,
    ORACLE_GMAC_AES128,
    ORACLE_HMAC_SHA256,
    ORACLE_SHA512,
    ORACLE_KDF_SP800_108,
    ORACLE_OPERATIONS
};

/* Bit of an operation in struct oracle's `composed`. */
#define ORACLE_BIT(operation) (1u << (operation))

/* Questions that an oracle does not get as they stand: those in which the length of `field` is `least` to `most`. The harness counts
   and prints them, so that nothing is left out in silence; this table is the adapter's only place that says so. */
enum oracle_field { ORACLE_KEY, ORACLE_MESSAGE, ORACLE_LABEL, ORACLE_CONTEXT, ORACLE_ANSWER };
enum oracle_then {
    ORACLE_NOT_ASKED,      /* the library refuses them, or would answer another question */
    ORACLE_ASKED_OTHERWISE /* the adapter puts them in words that mean the same */
};
struct oracle_exception {
    enum oracle_operation operation; /* ORACLE_OPERATIONS: each of them */
    enum oracle_field field;
    size_t least, most;
    enum oracle_then then;
    const char *why;
};
#define ORACLE_EXCEPTIONS_MAX 4u

/* Every entry gives false when the library refused; a NULL entry is an operation that the library does not have. No pointer is
   ever NULL, also where its length is 0, because some libraries take NULL for "as before". Not for several threads at once. */
struct oracle {
    uint32_t interface; /* ORACLE_INTERFACE */
    const char *name;   /* as in MATRIX.json and in the shared object's name */
    const char *(*version)(void);
    unsigned
        composed; /* the operations that the adapter builds of the library's others; the rest are the library's own */
    const struct oracle_exception *exceptions; /* NULL if there are none */
    size_t exception_count;                    /* up to ORACLE_EXCEPTIONS_MAX */

    bool (*cmac_aes128)(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len);
    bool (*gmac_aes128)(uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12], const uint8_t *message,
                        size_t len);
    bool (*hmac_sha256)(uint8_t mac[32], const uint8_t *key, size_t key_len, const uint8_t *message, size_t len);
    bool (*sha512)(uint8_t digest[64], const uint8_t *message, size_t len);
    /* SP 800-108 counter mode, HMAC-SHA-256, 32-bit counter before label || 00 || context || 32-bit length; 1..8160 bytes */
    bool (*kdf_sp800_108)(uint8_t *out, size_t out_len, const uint8_t *key, size_t key_len, const uint8_t *label,
                          size_t label_len, const uint8_t *context, size_t context_len);
};

#if defined(ORACLE_ADAPTER)
__attribute__((visibility("default"))) extern const struct oracle csign_oracle;
#endif

#endif
