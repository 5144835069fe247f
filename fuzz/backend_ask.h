/* SPDX-License-Identifier: Apache-2.0 */
/* A question that can be put to any backend, alone or with others in one batch: for the target `backends`, and for tests that want
   every backend to give one answer. */
#ifndef FUZZ_BACKEND_ASK_H
#define FUZZ_BACKEND_ASK_H

#include "lib/crypto/backends.h"

typedef struct backend_question {
    uint8_t key[16], nonce[12];
    csign_bytes hmac_key;
    csign_message message; /* SHA-512 hashes its header as it stands */
} backend_question;

enum { BACKEND_ANSWER_MAX = 64, BACKEND_BATCH_MAX = 256 };

/* backend_ask writes the answer and returns its length; 0 if the backend does not have the primitive. */
size_t backend_ask(const csign_backend *b, csign_primitive primitive, const backend_question *q, uint8_t *answer);

/* backend_ask_batch puts the questions in one batch, where those with the keys of the one before share its key made ready, and writes
   the first 32 bytes of each answer, or all 16; false if the backend has no batch of the primitive. */
bool backend_ask_batch(const csign_backend *b, csign_primitive primitive, const backend_question *questions,
                       size_t count, uint8_t answers[][32]);

#endif
