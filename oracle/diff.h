/* SPDX-License-Identifier: Apache-2.0 */
/* Asking every oracle the same question and comparing the answers with ours. Knows nothing of lib/ and links no crypto: the
   value under test is handed in. Differential tests and fuzz targets both stand on this.

       int LLVMFuzzerInitialize(int *argc, char ***argv) { diff_init(); return 0; }
       ...
       csign_cmac_aes128(tag, key, message);
       diff_cmac_aes128("csign_cmac_aes128", tag, key, message.data, message.len);   aborts with a full report if any differs

   A report (report.h) prints the question and every answer, and calls no one wrong. */
#ifndef ORACLE_DIFF_H
#define ORACLE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "oracle.h"

#define DIFF_ORACLES_MAX 16
#define DIFF_ANSWER_MAX 8160

/* Borrowed bytes; data may be NULL if and only if len is 0. */
struct diff_bytes {
    const uint8_t *data;
    size_t len;
};

/* One question. Fields that the operation does not know stay zero. answer_len bytes of the answer are compared: 16 of a CMAC or
   GMAC, 4 to 32 of an HMAC, 64 of a SHA-512, 1 to 8160 derived. */
struct diff_question {
    enum oracle_operation operation;
    struct diff_bytes key, nonce, message, label, context;
    size_t answer_len;
};

/* diff_init opens every oracle of MATRIX.json and demands that what it offers is exactly what the matrix says. Ends the process
   with a message otherwise: a missing oracle is a failure, not a smaller test. Then asks each cell a few times, so that what a
   library does at its first call is done. Calling it again does nothing. */
void diff_init(void);

/* How many oracles there are, and each one: the order of MATRIX.json. */
size_t diff_oracle_count(void);
const struct oracle *diff_oracle(size_t index);
const char *diff_version(size_t index);
const char *diff_operation_name(enum oracle_operation operation);

/* A cell of the matrix: whether there is an answer, how ("native", "composed", "unavailable"), and whose code computes it. */
bool diff_offers(enum oracle_operation operation, size_t oracle);
const char *diff_how(enum oracle_operation operation, size_t oracle);
const char *diff_family(enum oracle_operation operation, size_t oracle);

/* How many comparisons a cell of the matrix has seen. */
uint64_t diff_cell_count(enum oracle_operation operation, size_t oracle);

/* The exception (oracle.h) that a question meets with an oracle, an index into its exceptions; SIZE_MAX: none. */
size_t diff_exception(size_t oracle, const struct diff_question *question);

/* How many questions that were compared have met an exception of an oracle. */
uint64_t diff_exception_count(size_t oracle, size_t exception);

/* diff_ask puts a question to one oracle: false if it does not have the operation or is not asked this. Ends the process if the
   oracle refuses. */
bool diff_ask(size_t oracle, const struct diff_question *question, uint8_t *answer);

/* diff_differing compares value, answer_len bytes, with every oracle's answer and returns the set (bit = index) of those whose
   answer is another. Ends the process if no oracle answers. */
unsigned diff_differing(const struct diff_question *question, const uint8_t *value);

/* diff_compare reports to stderr and aborts if any answer differs. `origin` says where the question came from, `who` names the
   function under test; origin may be NULL: the input of a fuzz target. */
void diff_compare(const struct diff_question *question, const char *origin, const char *who, const uint8_t *value);

/* diff_then says what diff_compare calls behind its report, instead of aborting: a fuzz target names its property there. It gets
   the name of the function under test and must not return. */
void diff_then(void (*disagreed)(const char *who));

/* diff_plant turns bit `bit` (modulo the answer's bits) of every answer of one cell around, to see that it is seen; oracle
   SIZE_MAX takes the plant out again. */
void diff_plant(enum oracle_operation operation, size_t oracle, size_t bit);

/* The same by operation, for callers with plain arguments. `who` names the function under test. */
void diff_cmac_aes128(const char *who, const uint8_t tag[16], const uint8_t key[16], const uint8_t *message,
                      size_t len);
void diff_gmac_aes128(const char *who, const uint8_t tag[16], const uint8_t key[16], const uint8_t nonce[12],
                      const uint8_t *message, size_t len);
void diff_hmac_sha256(const char *who, const uint8_t mac[32], const uint8_t *key, size_t key_len,
                      const uint8_t *message, size_t len);
void diff_sha512(const char *who, const uint8_t digest[64], const uint8_t *message, size_t len);
void diff_kdf_sp800_108(const char *who, const uint8_t *out, size_t out_len, struct diff_bytes key,
                        struct diff_bytes label, struct diff_bytes context);

#endif
