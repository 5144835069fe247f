/* SPDX-License-Identifier: Apache-2.0 */
/* One run of one operation: its cases in order, what they covered, the digest over all questions and answers, and what is done
   with each answer of lib/. */
#ifndef ORACLE_DIFFERENTIAL_RUN_H
#define ORACLE_DIFFERENTIAL_RUN_H

#include "oracle/diff.h"
#include "oracle/smb3.h"
#include "prng.h"
#include "strata.h"

#define MESSAGE_MAX ((size_t)1 << 20)

struct run;

/* An operation of the differential test; `families` are the strata that a run must fill. */
struct operation {
    const char *name;
    void (*one_case)(struct run *run);
    const enum family *families;
    size_t family_count;
    unsigned asks; /* the oracle operations that it asks for: ORACLE_BIT each */
};

extern const struct operation operation_cmac, operation_gmac, operation_hmac, operation_sha512, operation_kdf,
    operation_derive_key, operation_preauth, operation_sign;

/* What becomes of an answer: comparing with oracles, or nothing where there are none (digest_main.c). May replace value. */
typedef void answer_fn(struct run *run, const struct diff_question *question, const char *who, uint8_t *value);

struct run {
    const struct operation *operation;
    uint64_t seed, index;
    struct prng random;
    struct strata strata;
    uint64_t digest;
    answer_fn *answered;
    uint8_t *buffer; /* MESSAGE_MAX + 64 bytes */
    struct smb3_scratch scratch;

    /* compare.c */
    size_t from;                             /* take this oracle's answer in place of lib/'s; SIZE_MAX: lib/'s */
    bool planting;                           /* a self-test: collect instead of abort */
    enum oracle_operation planted_operation; /* where the wrong answer is planted */
    unsigned expected, wrong_cells;          /* which oracles must differ there, and how often it was otherwise */
    uint64_t planted_answers;
};

void run_init(struct run *run, const struct operation *operation, uint64_t seed, answer_fn *answered);
/* Goes on to the case before end. */
void run_cases(struct run *run, uint64_t end);
void run_free(struct run *run);

/* check hands value, the answer of the function `who` of lib/, to the digest and to `answered`. */
void check(struct run *run, const struct diff_question *question, const char *who, uint8_t *value);

/* check_plain demands what needs no oracle: that value is the expected one. */
void check_plain(struct run *run, const char *who, const uint8_t *expected, const uint8_t *value, size_t len);

/* check_that demands a property, in words. */
void check_that(struct run *run, bool holds, const char *property);

/* Where a case came from, for a report. */
void run_origin(const struct run *run, char out[160]);

/* --- choices, each counted --- */

/* A message length: every one of 0..1100 in turn, edges of blocks and paddings, some to 64 KiB and to 1 MiB. */
size_t choose_length(struct run *run);
/* A message of len bytes that ends where the buffer ends, so that AddressSanitizer sees one byte read past it. */
uint8_t *choose_message(struct run *run, size_t len);
/* A key: random, all zero, all ones, a single bit. */
void choose_key(struct run *run, uint8_t *key, size_t len);
/* Every length 0..KEY_LENGTH_MAX in turn and, each second time, 16. */
#define KEY_LENGTH_MAX 200
size_t choose_key_length(struct run *run);
/* Cuts data into 0..PARTS_MAX pieces, some of them empty; returns how many. Only no data makes no pieces. */
#define PARTS_MAX 6
size_t choose_parts(struct run *run, struct diff_bytes *parts, const uint8_t *data, size_t len);

/* A MessageId's edges, for nonces: 0, 1, 2^32-1, 2^32, 2^63, 2^64-1, and the last index: a random one. */
#define MESSAGE_ID_KINDS 7u
uint64_t message_id(struct run *run, size_t kind);

#endif
