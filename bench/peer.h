/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured: an implementation of SMB3's signing primitives behind one small struct. Each peer is a shared object of its own
   that exports one symbol, csign_peer: libraries whose symbols collide (BoringSSL and OpenSSL) then live in one process. Unlike
   an oracle (oracle/oracle.h), which is asked once and leaves nothing behind, a peer keeps a ready key and takes the fastest
   public way that its library has; `how` says which. How to add one: README.md. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Raised whenever a struct here changes, so that a stale shared object is refused instead of misread. */
#define PEER_INTERFACE 4u

/* Features of the processor that --without masks off: a set. Where a library is told by its environment, load.c has done so. */
enum { PEER_AVX512 = 1, PEER_VAES = 2, PEER_AVX2 = 4 };

enum peer_algorithm { PEER_AES_CMAC, PEER_AES_GMAC, PEER_HMAC_SHA256, PEER_ALGORITHMS };

/* One message to sign, with a key that its peer made ready. */
struct peer_message {
    void *key;
    const uint8_t *nonce; /* 12 bytes; what is in the message's header, for AES-GMAC */
    uint8_t *data;        /* the whole SMB2 message: SIGNED set, bytes 48..63 zero */
    size_t len;
    uint8_t *tag; /* 16 bytes out, 32 for HMAC-SHA256 */
    enum peer_algorithm algorithm;
};

/* One key to derive (SP 800-108, counter mode, HMAC-SHA-256), in pieces and as the one PRF input that they make. Those of one call
   that have the same key follow each other. */
struct peer_derivation {
    const uint8_t *key, *label, *context, *input;      /* equal keys are one pointer and one length */
    size_t key_len, label_len, context_len, input_len; /* label_len without the separating zero */
    uint8_t *out;
    size_t out_len; /* 16 or 32 */
    int purpose;    /* csign_key_purpose, for those that know SMB3 */
};

struct peer_calls {
    const char *how;                                            /* the library's functions, for the report */
    void *(*key_new)(void);                                     /* NULL: the library does not have the algorithm */
    bool (*key_set)(void *key, const uint8_t *raw, size_t len); /* any number of times; 16 bytes for AES */
    void (*key_free)(void *key);
    bool (*mac)(const struct peer_message *message);
    size_t len_most; /* longer messages it cannot do; 0: no limit */
    bool (*one_shot)(const struct peer_message *message,
                     const uint8_t raw[16]); /* with a new key; NULL: key_set, mac */
};

/* Many messages in one call. prepare makes what a caller would hold ready; run does the work, any number of times. */
struct peer_batch {
    const char *form; /* "batch"; NULL: none */
    const char *how;
    void *(*prepare)(const struct peer_message *messages, size_t count);
    bool (*run)(void *prepared);
    void (*free)(void *prepared);
};
#define PEER_BATCHES 2

struct peer {
    unsigned interface;
    const char *name;                       /* libpeer_NAME.so */
    const char *(*start)(unsigned without); /* the library's version; before everything else, once */
    struct peer_calls calls[PEER_ALGORITHMS];

    struct peer_batch batches[PEER_BATCHES]; /* the best first */

    const char *sha512_how;
    bool (*sha512)(uint8_t digest[64], const uint8_t *data, size_t len);

    /* NULL: by calls[PEER_HMAC_SHA256], one key_set for all derivations that follow each other with the same key. */
    const char *kdf_how;
    bool (*kdf)(const struct peer_derivation *derivations, size_t count);

    /* For ours alone. */
    bool in_place; /* signs like a server: the tag goes to bytes 48..63 of data, and `tag` points there */
    bool (*sign_first)(const struct peer_message *message); /* mac verifies the tag that this writes */
    size_t len_least;                                       /* shorter messages are not measured */
};

#ifdef PEER_ADAPTER
__attribute__((visibility("default"))) extern const struct peer csign_peer;
#endif

#endif
