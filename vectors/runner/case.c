/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the values of one test; see case.h. Comparing them is in expect.c. */
#include "case_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void case_fail(vector_case *c, const char *format, ...)
{
    if (c->error[0] != '\0')
        return;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(c->error, sizeof c->error, format, args);
    va_end(args);
    if (n <= 0)
        memcpy(c->error, "failed", sizeof "failed");
}

bool case_failed(const vector_case *c)
{
    return c->error[0] != '\0';
}

bool case_is_valid(const vector_case *c)
{
    return strcmp(c->result, "valid") == 0;
}

uint8_t *case_alloc(vector_case *c, size_t len)
{
    if (len == 0)
        return NULL;
    void **blocks = realloc(c->blocks, (c->block_count + 1) * sizeof *blocks);
    void *block = malloc(len);
    if (blocks == NULL || block == NULL) {
        fprintf(stderr, "out of memory\n");
        abort();
    }
    c->blocks = blocks;
    c->blocks[c->block_count++] = block;
    return memset(block, 0xA5, len);
}

void case_release(vector_case *c)
{
    for (size_t i = 0; i < c->block_count; i++)
        free(c->blocks[i]);
    free(c->blocks);
    c->blocks = NULL;
    c->block_count = 0;
}

static vector_field *find(const vector_case *c, const char *name)
{
    for (size_t i = 0; i < c->field_count; i++) {
        if (strcmp(c->fields[i].name, name) == 0)
            return &c->fields[i];
    }
    return NULL;
}

/* The field of that name and kind, marked as read, or NULL and a failure. */
static const vector_field *read_field(vector_case *c, const char *name, vector_kind kind, const char *kind_name)
{
    vector_field *field = find(c, name);
    if (field == NULL) {
        case_fail(c, "field '%s' is missing", name);
        return NULL;
    }
    field->used = true;
    if (field->kind != kind) {
        case_fail(c, "field '%s' is not %s", name, kind_name);
        return NULL;
    }
    return field;
}

static uint64_t decimal(vector_case *c, const vector_field *field)
{
    if (field == NULL)
        return 0;
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(field->text, &end, 10);
    if (errno != 0 || end == field->text || *end != '\0' || field->text[0] == '-') {
        case_fail(c, "field '%s' is not a whole number from 0: '%s'", field->name, field->text);
        return 0;
    }
    return value;
}

bool case_has(const vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    return find(c, name.text) != NULL;
}

bool case_is_null(vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    vector_field *field = find(c, name.text);
    if (field == NULL) {
        case_fail(c, "field '%s' is missing", name.text);
        return true;
    }
    if (field->kind != VECTOR_NULL)
        return false;
    field->used = true;
    return true;
}

bool case_bool(vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    return decimal(c, read_field(c, name.text, VECTOR_BOOL, "true or false")) != 0;
}

uint64_t case_number(vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    return decimal(c, read_field(c, name.text, VECTOR_NUMBER, "a number"));
}

size_t case_count(vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    return (size_t)decimal(c, read_field(c, name.text, VECTOR_LIST, "a list"));
}

void case_object(vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    (void)read_field(c, name.text, VECTOR_OBJECT, "an object");
}

static const char *text_named(vector_case *c, const char *name)
{
    const vector_field *field = read_field(c, name, VECTOR_TEXT, "text");
    return field == NULL ? "" : field->text;
}

const char *case_text(vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    return text_named(c, name.text);
}

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    return -1;
}

static csign_bytes bytes_named(vector_case *c, const char *name)
{
    csign_bytes bytes = {NULL, 0};
    const char *text = text_named(c, name);
    size_t digits = strlen(text);
    uint8_t *data = case_alloc(c, digits / 2);
    for (size_t i = 0; i < digits / 2; i++) {
        int high = hex_digit(text[2 * i]);
        int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            case_fail(c, "field '%s' is not lower-case hex at digit %zu", name, 2 * i);
            return bytes;
        }
        data[i] = (uint8_t)(high * 16 + low);
    }
    if (digits % 2 != 0) {
        case_fail(c, "field '%s' has an odd number of hex digits", name);
        return bytes;
    }
    bytes.data = data;
    bytes.len = digits / 2;
    return bytes;
}

csign_bytes case_bytes(vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    return bytes_named(c, name.text);
}

const uint8_t *case_exact(vector_case *c, size_t len, const char *format, ...)
{
    MAKE_NAME(name);
    csign_bytes bytes = bytes_named(c, name.text);
    if (bytes.len == len)
        return bytes.data;
    case_fail(c, "field '%s' has %zu bytes, not %zu", name.text, bytes.len, len);
    uint8_t *zeros = case_alloc(c, len);
    memset(zeros, 0, len);
    return zeros;
}

static unsigned choose(vector_case *c, const char *name, const char *const *words, size_t count)
{
    const char *text = text_named(c, name);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], text) == 0)
            return (unsigned)i;
    }
    case_fail(c, "field '%s' has the unknown word '%s'", name, text);
    return 0;
}

csign_dialect case_dialect(vector_case *c, const char *format, ...)
{
    MAKE_NAME(name);
    csign_bytes number = bytes_named(c, name.text); /* any 16-bit number: unknown dialects are tests too */
    if (number.len == 2)
        return (csign_dialect)(number.data[0] * 256 + number.data[1]);
    case_fail(c, "field '%s' is not a dialect of four hex digits", name.text);
    return (csign_dialect)0;
}

csign_signing_algorithm case_algorithm(vector_case *c, const char *format, ...)
{
    static const char *const words[] = {"HMAC-SHA256", "AES-CMAC", "AES-GMAC"};
    MAKE_NAME(name);
    return (csign_signing_algorithm)choose(c, name.text, words, sizeof words / sizeof words[0]);
}

csign_cipher case_cipher(vector_case *c, const char *format, ...)
{
    static const char *const words[] = {"NONE", "AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM"};
    MAKE_NAME(name);
    return (csign_cipher)choose(c, name.text, words, sizeof words / sizeof words[0]);
}

void case_split(csign_bytes parts[CASE_PARTS], csign_bytes bytes)
{
    const size_t lens[CASE_PARTS] = {bytes.len / 3, 0, bytes.len / 5, bytes.len - bytes.len / 3 - bytes.len / 5};
    size_t offset = 0;
    for (size_t i = 0; i < CASE_PARTS; i++) {
        parts[i] = (csign_bytes){lens[i] == 0 ? NULL : bytes.data + offset, lens[i]};
        offset += lens[i];
    }
}
