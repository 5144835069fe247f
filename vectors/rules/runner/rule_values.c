/* SPDX-License-Identifier: Apache-2.0 */
/* Between JSON and the library's types. */
#include "rule_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFERS_MAX = 64 };
static uint8_t *buffers[BUFFERS_MAX];
static size_t buffer_count;

static const char *const algorithm_names[] = {"HMAC-SHA256", "AES-CMAC", "AES-GMAC", NULL};
static const char *const cipher_names[] = {"NONE", "AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM", NULL};
static const char *const purpose_names[] = {"SIGNING", "APPLICATION", "CLIENT_TO_SERVER", "SERVER_TO_CLIENT", NULL};

void test_error(const char *what, const char *name)
{
    fprintf(stderr, "rule_tests.json: %s: %s\n", what, name);
    exit(2);
}

/* Room for len bytes and no more, so that a sanitizer sees a byte read too far. */
static uint8_t *room(size_t len)
{
    uint8_t *buffer = malloc(len == 0 ? 1 : len);
    if (buffer == NULL || buffer_count == BUFFERS_MAX) {
        test_error("out of memory", "too many arguments");
    }
    buffers[buffer_count++] = buffer;
    return buffer;
}

void free_bytes(void)
{
    while (buffer_count > 0) {
        free(buffers[--buffer_count]);
    }
}

uint8_t *mutable_copy(csign_bytes bytes)
{
    uint8_t *copy = room(bytes.len);
    if (bytes.len != 0) {
        memcpy(copy, bytes.data, bytes.len);
    }
    return copy;
}

static json_t *take(json_t *args, const char *name)
{
    json_t *value = json_incref(json_object_get(args, name));
    if (value == NULL) {
        test_error("an argument is missing", name);
    }
    (void)json_object_del(args, name);
    return value;
}

int has(json_t *args, const char *name)
{
    return json_object_get(args, name) != NULL;
}

static csign_bytes from_hex(const char *hex, const char *name)
{
    size_t len = strlen(hex) / 2;
    uint8_t *out = room(len);
    for (size_t i = 0; i < len; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0}, *end = NULL;
        out[i] = (uint8_t)strtoul(digits, &end, 16);
        if (end != digits + 2) {
            test_error("not hex", name);
        }
    }
    if (strlen(hex) % 2 != 0) {
        test_error("not hex", name);
    }
    csign_bytes bytes = {len == 0 ? NULL : out, len};
    return bytes;
}

csign_bytes take_bytes(json_t *args, const char *name)
{
    json_t *value = take(args, name);
    if (!json_is_string(value)) {
        test_error("not a string", name);
    }
    csign_bytes bytes = from_hex(json_string_value(value), name);
    json_decref(value);
    return bytes;
}

json_int_t take_number(json_t *args, const char *name)
{
    json_t *value = take(args, name);
    if (!json_is_integer(value)) {
        test_error("not a number", name);
    }
    json_int_t number = json_integer_value(value);
    json_decref(value);
    return number;
}

int take_bool(json_t *args, const char *name)
{
    json_t *value = take(args, name);
    if (!json_is_boolean(value)) {
        test_error("neither true nor false", name);
    }
    int truth = json_is_true(value);
    json_decref(value);
    return truth;
}

json_t *take_object(json_t *args, const char *name)
{
    json_t *value = take(args, name);
    json_t *copy = json_deep_copy(value);
    json_decref(value);
    return copy;
}

static int number_of(const char *const *names, const char *name)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (name != NULL && strcmp(names[i], name) == 0) {
            return i;
        }
    }
    test_error("unknown name", name == NULL ? "not a string" : name);
}

static int take_name(json_t *args, const char *name, const char *const *names)
{
    json_t *value = take(args, name);
    int number = number_of(names, json_string_value(value));
    json_decref(value);
    return number;
}

csign_signing_algorithm algorithm_number(const char *name)
{
    return (csign_signing_algorithm)number_of(algorithm_names, name);
}

csign_cipher cipher_number(const char *name)
{
    return (csign_cipher)number_of(cipher_names, name);
}

csign_signing_algorithm take_algorithm(json_t *args, const char *name)
{
    return (csign_signing_algorithm)take_name(args, name, algorithm_names);
}

csign_cipher take_cipher(json_t *args, const char *name)
{
    return (csign_cipher)take_name(args, name, cipher_names);
}

csign_key_purpose take_purpose(json_t *args, const char *name)
{
    return (csign_key_purpose)take_name(args, name, purpose_names);
}

static void put(json_t *got, const char *name, json_t *value)
{
    if (value == NULL || json_object_set_new(got, name, value) != 0) {
        test_error("out of memory", name);
    }
}

void put_bytes(json_t *got, const char *name, const uint8_t *data, size_t len)
{
    char *hex = malloc(2 * len + 1);
    if (hex == NULL) {
        test_error("out of memory", name);
    }
    hex[0] = '\0';
    for (size_t i = 0; i < len; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", data[i]);
    }
    put(got, name, json_string(hex));
    free(hex);
}

void put_number(json_t *got, const char *name, json_int_t value)
{
    put(got, name, json_integer(value));
}

void put_bool(json_t *got, const char *name, int value)
{
    put(got, name, json_boolean(value));
}

void put_u64(json_t *got, const char *name, uint64_t value)
{
    char text[17];
    (void)snprintf(text, sizeof text, "%016llx", (unsigned long long)value);
    put(got, name, json_string(text));
}

void put_list(json_t *got, const char *name, csign_u16_list list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list.count; i++) {
        (void)json_array_append_new(array, json_integer(csign_u16_at(list, i)));
    }
    put(got, name, array);
}

void put_status_as(json_t *got, const char *name, csign_status status)
{
    put(got, name, json_string(csign_status_name(status)));
}

void put_status(json_t *got, csign_status status)
{
    put_status_as(got, "status", status);
    put_number(got, "ntstatus", csign_status_ntstatus(status));
}

static const char *name_of(const char *const *names, size_t count, unsigned number)
{
    return number < count ? names[number] : "?";
}

void put_algorithm(json_t *got, const char *name, csign_signing_algorithm algorithm)
{
    put(got, name, json_string(name_of(algorithm_names, 3, (unsigned)algorithm)));
}

void put_cipher(json_t *got, const char *name, csign_cipher cipher)
{
    put(got, name, json_string(name_of(cipher_names, 5, (unsigned)cipher)));
}
