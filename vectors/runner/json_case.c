/* SPDX-License-Identifier: Apache-2.0 */
/* Flattening JSON values into named fields; see json_case.h and case.h. */
#include "json_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const JSON_GROUP_META[] = {"type", "source", "comment", "rule", "tests", NULL};
const char *const JSON_TEST_META[] = {"tcId", "comment", "flags", "result", "rule", NULL};

static void *must(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "out of memory\n");
        abort();
    }
    return memory;
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(must(malloc(size)), text, size);
}

static void add(vector_case *c, const char *name, vector_kind kind, const char *text)
{
    for (size_t i = 0; i < c->field_count; i++) {
        if (strcmp(c->fields[i].name, name) == 0)
            case_fail(c, "field '%s' is in the group and in the test", name);
    }
    c->fields = must(realloc(c->fields, (c->field_count + 1) * sizeof *c->fields));
    c->fields[c->field_count++] = (vector_field){copy_text(name), kind, copy_text(text), false};
}

static void flatten(vector_case *c, const char *name, json_t *value)
{
    char text[256];
    switch (json_typeof(value)) {
    case JSON_NULL:
        add(c, name, VECTOR_NULL, "");
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        add(c, name, VECTOR_BOOL, json_is_true(value) ? "1" : "0");
        return;
    case JSON_STRING:
        add(c, name, VECTOR_TEXT, json_string_value(value));
        return;
    case JSON_INTEGER:
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        add(c, name, VECTOR_NUMBER, text);
        return;
    case JSON_REAL:
        case_fail(c, "field '%s' is not a whole number", name);
        return;
    case JSON_ARRAY: {
        snprintf(text, sizeof text, "%zu", json_array_size(value));
        add(c, name, VECTOR_LIST, text);
        for (size_t i = 0; i < json_array_size(value); i++) {
            snprintf(text, sizeof text, "%s[%zu]", name, i);
            flatten(c, text, json_array_get(value, i));
        }
        return;
    }
    case JSON_OBJECT: {
        add(c, name, VECTOR_OBJECT, "");
        const char *member;
        json_t *child;
        json_object_foreach(value, member, child)
        {
            if (snprintf(text, sizeof text, "%s.%s", name, member) >= (int)sizeof text) {
                case_fail(c, "the name of a field is too long: '%s'", text);
                return;
            }
            flatten(c, text, child);
        }
        return;
    }
    }
}

static bool listed(const char *const *names, const char *name)
{
    for (; *names != NULL; names++) {
        if (strcmp(*names, name) == 0)
            return true;
    }
    return false;
}

void json_case_fields(vector_case *c, json_t *group, json_t *test)
{
    const char *name;
    json_t *value;
    json_object_foreach(group, name, value)
    {
        if (!listed(JSON_GROUP_META, name))
            flatten(c, name, value);
    }
    json_object_foreach(test, name, value)
    {
        if (!listed(JSON_TEST_META, name))
            flatten(c, name, value);
    }
}

void json_case_free(vector_case *c)
{
    for (size_t i = 0; i < c->field_count; i++) {
        free((void *)c->fields[i].name);
        free((void *)c->fields[i].text);
    }
    free(c->fields);
    c->fields = NULL;
    c->field_count = 0;
}
