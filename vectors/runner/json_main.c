/* SPDX-License-Identifier: Apache-2.0 */
/* The runner for vector files: vectors FILE.json... Besides running each test it holds the files to their form: whatever is unknown,
   missing, duplicate, empty or not counted is a failure, so that a file cannot say less than it seems to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_case.h"

typedef struct file_state {
    const char *name; /* behind the last "vectors/" of the path: the same from wherever it is run */
    json_t *notes;
    bool *note_used;
    json_int_t *ids;
    size_t id_count;
    vector_counts counts;
    size_t faults; /* of form, besides failed tests */
} file_state;

static void fault(file_state *file, const char *where, const char *what, const char *detail)
{
    fprintf(stderr, "%s: %s: %s%s%s%s\n", file->name, where, what, detail ? " '" : "", detail ? detail : "",
            detail ? "'" : "");
    file->faults++;
}

static const char *text_of(json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

static void need_text(file_state *file, json_t *object, const char *where, const char *name)
{
    if (text_of(object, name)[0] == '\0')
        fault(file, where, "missing or empty", name);
}

static void no_other_text(file_state *file, json_t *object, const char *where, const char *name)
{
    json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_string(value))
        fault(file, where, "not text:", name);
}

static void check_flags(file_state *file, const char *where, json_t *flags)
{
    if (!json_is_array(flags)) {
        fault(file, where, "missing or not a list:", "flags");
        return;
    }
    for (size_t i = 0; i < json_array_size(flags); i++) {
        const char *flag = json_string_value(json_array_get(flags, i));
        size_t index = 0;
        const char *note;
        json_t *text;
        bool known = false;
        json_object_foreach(file->notes, note, text)
        {
            if (flag != NULL && strcmp(note, flag) == 0) {
                file->note_used[index] = true;
                known = true;
            }
            index++;
        }
        if (!known)
            fault(file, where, "unknown flag", flag ? flag : "(not text)");
    }
}

static void check_id(file_state *file, const char *where, json_t *id)
{
    json_int_t value = json_integer_value(id);
    if (!json_is_integer(id) || value < 1 || value > UINT32_MAX) {
        fault(file, where, "tcId is missing or not a number from 1", NULL);
        return;
    }
    for (size_t i = 0; i < file->id_count; i++) {
        if (file->ids[i] == value)
            fault(file, where, "duplicate tcId", NULL);
    }
    json_int_t *ids = realloc(file->ids, (file->id_count + 1) * sizeof *ids);
    if (ids == NULL)
        abort();
    file->ids = ids;
    file->ids[file->id_count++] = value;
}

static void run_test(file_state *file, json_t *group, const char *group_name, size_t index, json_t *test)
{
    char where[192];
    snprintf(where, sizeof where, "%s test %zu (tcId %lld)", group_name, index,
             (long long)json_integer_value(json_object_get(test, "tcId")));
    if (!json_is_object(test)) {
        fault(file, where, "not an object", NULL);
        return;
    }
    check_id(file, where, json_object_get(test, "tcId"));
    check_flags(file, where, json_object_get(test, "flags"));
    need_text(file, test, where, "comment");
    need_text(file, test, where, "result");
    no_other_text(file, test, where, "rule");
    vector_case c = {.file = file->name,
                     .type = text_of(group, "type"),
                     .comment = text_of(test, "comment"),
                     .result = text_of(test, "result"),
                     .tc_id = (uint32_t)json_integer_value(json_object_get(test, "tcId"))};
    json_case_fields(&c, group, test);
    core_run(&c, &file->counts);
    json_case_free(&c);
}

static void run_group(file_state *file, size_t index, json_t *group)
{
    char where[128];
    snprintf(where, sizeof where, "group %zu (%.64s)", index, text_of(group, "type"));
    need_text(file, group, where, "type");
    need_text(file, group, where, "source");
    no_other_text(file, group, where, "comment");
    no_other_text(file, group, where, "rule");
    if (!core_knows_type(text_of(group, "type")))
        fault(file, where, "unknown type", text_of(group, "type"));
    json_t *tests = json_object_get(group, "tests");
    if (!json_is_array(tests) || json_array_size(tests) == 0) {
        fault(file, where, "a group without tests", NULL);
        return;
    }
    for (size_t i = 0; i < json_array_size(tests); i++)
        run_test(file, group, where, i, json_array_get(tests, i));
}

static void check_top(file_state *file, json_t *root)
{
    static const char *const known[] = {"algorithm", "schema", "numberOfTests", "notes", "testGroups"};
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            found = found || strcmp(known[i], name) == 0;
        if (!found)
            fault(file, "top level", "unknown field", name);
    }
    need_text(file, root, "top level", "algorithm");
    need_text(file, root, "top level", "schema");
    if (!json_is_object(file->notes))
        fault(file, "top level", "missing or not an object:", "notes");
    json_object_foreach(file->notes, name, value)
    {
        if (!json_is_string(value) || json_string_length(value) == 0)
            fault(file, "notes", "no text for the flag", name);
    }
}

static void check_end(file_state *file, json_t *root)
{
    json_t *number = json_object_get(root, "numberOfTests");
    size_t ran = file->counts.valid + file->counts.invalid + file->counts.failed;
    if (!json_is_integer(number) || json_integer_value(number) != (json_int_t)ran) {
        char text[96];
        snprintf(text, sizeof text, "%lld, but the file has %zu tests", (long long)json_integer_value(number), ran);
        fault(file, "numberOfTests is", text, NULL);
    }
    const char *note;
    json_t *value;
    size_t index = 0;
    json_object_foreach(file->notes, note, value)
    {
        if (!file->note_used[index++])
            fault(file, "notes", "no test has the flag", note);
    }
}

static file_state run_file(const char *path)
{
    file_state file = {.name = path};
    for (const char *p = path; (p = strstr(p, "vectors/")) != NULL; p += strlen("vectors/")) {
        file.name = p + strlen("vectors/");
    }
    json_error_t error;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        char text[256];
        snprintf(text, sizeof text, "line %d column %d: %.160s", error.line, error.column, error.text);
        fault(&file, "not JSON", text, NULL);
        return file;
    }
    file.notes = json_object_get(root, "notes");
    file.note_used = calloc(json_object_size(file.notes) + 1, sizeof *file.note_used);
    if (file.note_used == NULL)
        abort();
    check_top(&file, root);
    json_t *groups = json_object_get(root, "testGroups");
    if (!json_is_array(groups) || json_array_size(groups) == 0)
        fault(&file, "testGroups", "a file without groups", NULL);
    for (size_t i = 0; i < json_array_size(groups); i++)
        run_group(&file, i, json_array_get(groups, i));
    check_end(&file, root);
    free(file.note_used);
    free(file.ids);
    json_decref(root);
    return file;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE.json...\n", argv[0]);
        return 2;
    }
    vector_counts total = {0, 0, 0};
    size_t faults = 0;
    for (int i = 1; i < argc; i++) {
        file_state file = run_file(argv[i]);
        core_report(file.name, file.counts);
        total.valid += file.counts.valid;
        total.invalid += file.counts.invalid;
        total.failed += file.counts.failed;
        faults += file.faults;
    }
    if (argc > 2)
        core_report("total", total);
    if (faults != 0)
        fprintf(stderr, "%zu faults of form\n", faults);
    return total.failed != 0 || faults != 0 || total.valid == 0;
}
