/* SPDX-License-Identifier: Apache-2.0 */
/* One test of a vector file as the operations see it: a flat list of named values, "message", "elements[2].offset". A front
   end (JSON, or the table compiled in for cross builds) makes the list, an operation reads it. Every read marks the value, so
   that a value nobody read is found; every failed read or comparison is kept, so that operations need no error paths. */
#ifndef COUNTERSIGN_VECTORS_CASE_H
#define COUNTERSIGN_VECTORS_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "countersign/countersign.h"

typedef enum vector_kind {
    VECTOR_NULL = 'z',
    VECTOR_TEXT = 's',
    VECTOR_NUMBER = 'n',
    VECTOR_BOOL = 'b',
    VECTOR_LIST = 'l',  /* text is the number of elements, which follow as NAME[i] */
    VECTOR_OBJECT = 'o' /* its members follow as NAME.MEMBER */
} vector_kind;

typedef struct vector_field {
    const char *name;
    vector_kind kind;
    const char *text; /* numbers in decimal, bools 0 or 1 */
    bool used;
} vector_field;

typedef struct vector_case {
    const char *file, *type, *comment, *result;
    uint32_t tc_id;
    vector_field *fields;
    size_t field_count;
    void **blocks; /* what the readers allocated, freed by case_release */
    size_t block_count;
    char error[512]; /* the first thing that went wrong, or empty */
} vector_case;

/* case_fail keeps the first message. case_failed says whether there is one. */
void case_fail(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool case_failed(const vector_case *c);

/* The result that the test names. */
bool case_is_valid(const vector_case *c);

/* Readers: a value by its name, which is a format. A missing value or one of another kind is a failure and gives an empty
   result. Bytes are an allocation of exactly their length, so that a sanitizer sees a read past them; no bytes are NULL. */
bool case_has(const vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool case_is_null(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool case_bool(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t case_number(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
size_t case_count(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void case_object(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *case_text(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
csign_bytes case_bytes(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* case_bytes, which must have exactly len bytes; on failure there are len zero bytes, so that callers may go on. */
const uint8_t *case_exact(vector_case *c, size_t len, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* case_alloc gives len bytes, each 0xA5, that case_release frees; NULL for 0. */
uint8_t *case_alloc(vector_case *c, size_t len);
void case_release(vector_case *c);

/* case_split cuts bytes into parts of uneven size, the second always empty. */
enum { CASE_PARTS = 4 };
void case_split(csign_bytes parts[CASE_PARTS], csign_bytes bytes);

/* case_expect compares an output: equal to the named value in a valid test, different from it in an invalid one. */
void case_expect(vector_case *c, const char *name, const uint8_t *actual, size_t len);

/* case_expect_same compares whatever the result says. */
void case_expect_same(vector_case *c, const char *what, const uint8_t *expected, const uint8_t *actual, size_t len);

/* case_expect_number and case_expect_bool compare the named value with what came out, whatever the result says. */
void case_expect_number(vector_case *c, uint64_t actual, const char *format, ...) __attribute__((format(printf, 3, 4)));
void case_expect_bool(vector_case *c, bool actual, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* case_expect_status compares a status with "status" and that with the result: a valid test can only succeed. True if it is
   CSIGN_OK as expected: there are outputs to look at. An invalid test may succeed where an output is given that must not come
   out; case_expect_verdict is for operations without one, where the status alone says what the result is. case_status_is
   compares with another field. */
bool case_expect_verdict(vector_case *c, csign_status actual);
bool case_expect_status(vector_case *c, csign_status actual);
void case_status_is(vector_case *c, csign_status actual, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Names of the standards as numbers. */
csign_dialect case_dialect(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
csign_signing_algorithm case_algorithm(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
csign_cipher case_cipher(vector_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
