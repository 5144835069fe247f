/* SPDX-License-Identifier: Apache-2.0 */
/* A decoded message as indented text: see decode.h. Works on the document, so that text and JSON never say different things. */
#include <stdio.h>
#include <string.h>

#include "decode.h"

static void print_value(const json_t *value, int indent, FILE *out);

static void print_string(const char *text, FILE *out)
{
    for (; *text != 0; text++)
        fputc((unsigned char)*text < ' ' || *text == 0x7F ? '?' : *text, out);
}

static bool is_scalar(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

/* {"id", "name"} and {"value", "bits" or "date"} fit on one line. */
static bool print_short(const json_t *object, FILE *out)
{
    const json_t *id = json_object_get(object, "id"), *name = json_object_get(object, "name");
    const json_t *value = json_object_get(object, "value"), *bits = json_object_get(object, "bits");

    if (json_object_size(object) != 2 || (id == NULL && value == NULL))
        return false;
    if (id != NULL) {
        fprintf(out, "%s %s", json_string_value(id), json_is_string(name) ? json_string_value(name) : "unknown");
        return true;
    }
    print_value(value, 0, out);
    for (size_t i = 0; i < json_array_size(bits); i++)
        fprintf(out, "%s%s", i ? ", " : " ", json_string_value(json_array_get(bits, i)));
    if (json_is_string(json_object_get(object, "date")))
        fprintf(out, " %s", json_string_value(json_object_get(object, "date")));
    return true;
}

/* One line a member; nested: each starts a line of its own, so that the last one needs no end. */
static void print_members(const json_t *object, int indent, bool nested, FILE *out)
{
    const char *key;
    json_t *value;
    /* jansson's iteration wants a mutable pointer but does not write */
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        fprintf(out, "%s%*s%s: ", nested ? "\n" : "", indent, "", key);
        print_value(value, indent, out);
        fputs(nested ? "" : "\n", out);
    }
}

static void print_value(const json_t *value, int indent, FILE *out)
{
    if (json_is_string(value)) {
        print_string(json_string_value(value), out);
    } else if (json_is_integer(value)) {
        fprintf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_object(value)) {
        if (print_short(value, out))
            return;
        print_members(value, indent + 2, true, out);
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            const json_t *item = json_array_get(value, i);
            if (is_scalar(item) || json_object_size(item) == 2) {
                fputs(i ? ", " : "", out);
                print_value(item, 0, out);
            } else {
                fprintf(out, "%s%*s-", "\n", indent + 2, "");
                print_members(item, indent + 4, true, out);
            }
        }
    } else {
        fputs(json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "none", out);
    }
}

void decode_print(const json_t *document, FILE *out)
{
    print_members(document, 0, false, out);
}
