/* SPDX-License-Identifier: Apache-2.0 */
/* One rule test as the calls see it: arguments are taken out of a JSON object by name, results are put into another. An argument
   that no call took is an error of the test, and so is an expected field that no call put. */
#ifndef COUNTERSIGN_RULE_TEST_H
#define COUNTERSIGN_RULE_TEST_H

#include <countersign/countersign.h>
#include <jansson.h>

/* Ends the program: the test file is wrong. */
void test_error(const char *what, const char *name) __attribute__((noreturn));

/* Each takes the argument out of args. Bytes live until free_bytes, in a buffer of exactly their length. */
csign_bytes take_bytes(json_t *args, const char *name);
json_int_t take_number(json_t *args, const char *name);
int take_bool(json_t *args, const char *name);
json_t *take_object(json_t *args, const char *name); /* the caller's to free */
csign_signing_algorithm take_algorithm(json_t *args, const char *name);
csign_cipher take_cipher(json_t *args, const char *name);
csign_key_purpose take_purpose(json_t *args, const char *name);
int has(json_t *args, const char *name);
uint8_t *mutable_copy(csign_bytes bytes);
void free_bytes(void);

csign_signing_algorithm algorithm_number(const char *name);
csign_cipher cipher_number(const char *name);

void put_bytes(json_t *got, const char *name, const uint8_t *data, size_t len);
void put_number(json_t *got, const char *name, json_int_t value);
void put_bool(json_t *got, const char *name, int value);
void put_u64(json_t *got, const char *name, uint64_t value);
void put_list(json_t *got, const char *name, csign_u16_list list);
void put_status(json_t *got, csign_status status); /* status and ntstatus */
void put_status_as(json_t *got, const char *name, csign_status status);
void put_algorithm(json_t *got, const char *name, csign_signing_algorithm algorithm);
void put_cipher(json_t *got, const char *name, csign_cipher cipher);

typedef struct rule_call {
    const char *name;
    void (*run)(json_t *args, json_t *got);
} rule_call;

extern const rule_call message_calls[], negotiate_calls[], sign_calls[], key_calls[]; /* each ends with a NULL name */

#endif
