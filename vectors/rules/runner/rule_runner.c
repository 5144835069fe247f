/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the tests of the rules. A rule of rules.json without an accepting and a refusing test fails, and so does a test whose rule is not
   in the table. Each rule runs in a process of its own, so that one that crashes is one red rule.

   rule_runner RULES TESTS [RED]: RED receives the ids that failed, one a line. Exit 0: all rules hold; 1: some do not; 2: the files
   contradict each other. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rule_test.h"

static const rule_call *find_call(const char *name)
{
    const rule_call *const lists[] = {message_calls, negotiate_calls, sign_calls, key_calls};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const rule_call *call = lists[i]; call->name != NULL; call++) {
            if (strcmp(call->name, name) == 0) {
                return call;
            }
        }
    }
    test_error("unknown call", name);
}

/* NAME_kdf, NAME_derived, NAME_chain: the result NAME is what another call gives for these arguments. */
static const struct relation {
    const char *suffix, *call, *field;
} relations[] = {{"_kdf", "kdf", "out"}, {"_derived", "derive_key", "out"}, {"_chain", "preauth", "value"}};

static const struct relation *find_relation(const char *name)
{
    for (size_t i = 0; i < sizeof relations / sizeof relations[0]; i++) {
        size_t len = strlen(relations[i].suffix);
        if (strlen(name) > len && strcmp(name + strlen(name) - len, relations[i].suffix) == 0) {
            return &relations[i];
        }
    }
    return NULL;
}

/* Runs the call and fails if it left an argument. */
static json_t *results(const char *call, json_t *arguments)
{
    json_t *args = json_deep_copy(arguments);
    json_t *got = json_object();
    find_call(call)->run(args, got);
    if (json_object_size(args) != 0) {
        test_error("an argument that the call does not take", json_object_iter_key(json_object_iter(args)));
    }
    json_decref(args);
    return got;
}

static int field_equal(json_t *got, const char *name, json_t *value)
{
    char field[64];
    const struct relation *relation = find_relation(name);
    size_t len = strlen(name) - (relation == NULL ? 0 : strlen(relation->suffix));
    (void)snprintf(field, sizeof field, "%.*s", (int)len, name);
    json_t *other = relation == NULL ? NULL : results(relation->call, value);
    json_t *right = relation == NULL ? value : json_object_get(other, relation->field);
    if (json_object_get(got, field) == NULL || right == NULL) {
        test_error("no call gives this field", name);
    }
    int equal = json_equal(json_object_get(got, field), right);
    json_decref(other);
    return equal;
}

static void complain(const char *rule, json_t *test, const char *what, const char *name, json_t *got)
{
    char *text = json_dumps(json_object_get(got, name), JSON_ENCODE_ANY);
    printf("%s, test %d (%s): %s %s, got %s\n", rule, (int)json_integer_value(json_object_get(test, "tcId")),
           json_string_value(json_object_get(test, "comment")), what, name, text == NULL ? "nothing" : text);
    free(text);
}

static int run_test(const char *rule, json_t *test)
{
    const char *name;
    json_t *value;
    int failures = 0;
    json_t *got = results(json_string_value(json_object_get(test, "call")), json_object_get(test, "args"));
    json_object_foreach(json_object_get(test, "expect"), name, value)
    {
        if (!field_equal(got, name, value)) {
            complain(rule, test, "wrong", name, got);
            failures++;
        }
    }
    json_t *differs = json_object_get(test, "differs");
    int same = json_object_size(differs) != 0;
    json_object_foreach(differs, name, value)
    {
        same = same && field_equal(got, name, value);
    }
    if (same) {
        complain(rule, test,
                 "is what an implementation without the rule gives:", json_object_iter_key(json_object_iter(differs)),
                 got);
        failures++;
    }
    json_decref(got);
    free_bytes();
    return failures;
}

static int run_rule(json_t *group)
{
    size_t i;
    json_t *test;
    int failures = 0;
    const char *rule = json_string_value(json_object_get(group, "rule"));
    json_array_foreach(json_object_get(group, "tests"), i, test)
    {
        failures += run_test(rule, test);
    }
    return failures;
}

/* Whether the rule holds: in a child, whose crash is a failure like others. */
static int holds(json_t *group)
{
    int status = 0;
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        exit(run_rule(group) != 0); /* not _exit: a coverage build writes its profile on the way out */
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        test_error("fork", "failed");
    }
    if (WIFSIGNALED(status)) {
        printf("%s: died of signal %d\n", json_string_value(json_object_get(group, "rule")), WTERMSIG(status));
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (document == NULL) {
        fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
        exit(2);
    }
    return document;
}

/* The table by id. A rule is enforced by a file of lib/, and tested here; or it names the target that tests it. */
static json_t *rules_by_id(json_t *rules)
{
    size_t i;
    json_t *rule;
    json_t *by_id = json_object();
    json_array_foreach(json_object_get(rules, "rules"), i, rule)
    {
        const char *id = json_string_value(json_object_get(rule, "id"));
        const char *mark = json_string_value(json_object_get(rule, "mark"));
        const char *enforced = json_string_value(json_object_get(rule, "enforced"));
        if (id == NULL || mark == NULL || enforced == NULL || strlen(mark) != 1 || strchr("SIP", mark[0]) == NULL ||
            !json_is_string(json_object_get(rule, "text")) || !json_is_string(json_object_get(rule, "source"))) {
            test_error("a rule without id, mark (S, I, P), source, text or enforced", id == NULL ? "no id" : id);
        }
        if ((strncmp(enforced, "lib/", 4) == 0) == has(rule, "test")) {
            test_error("enforced in lib/ and tested here, or elsewhere with the test's target", id);
        }
        if (has(by_id, id) || json_object_size(rule) != (has(rule, "test") ? 6u : 5u)) {
            test_error("twice in the table, or a field too many", id);
        }
        (void)json_object_set(by_id, id, rule);
    }
    return by_id;
}

/* Takes the group's rule out of by_id, counts its tests. */
static size_t check_group(json_t *by_id, json_t *group, size_t tests_before)
{
    size_t i;
    json_t *test;
    size_t accepting = 0;
    const char *id = json_string_value(json_object_get(group, "rule"));
    json_t *tests = json_object_get(group, "tests");
    json_t *rule = id == NULL ? NULL : json_object_get(by_id, id);
    if (rule == NULL || has(rule, "test")) {
        test_error("tests of a rule that is not in the table, or twice, or elsewhere", id == NULL ? "no id" : id);
    }
    json_array_foreach(tests, i, test)
    {
        const char *result = json_string_value(json_object_get(test, "result"));
        if (json_integer_value(json_object_get(test, "tcId")) != (json_int_t)(tests_before + i) + 1 ||
            json_object_size(test) != 7 || result == NULL) {
            test_error("tcIds are not 1, 2, 3 ..., or a field is unknown", id);
        }
        accepting += strcmp(result, "valid") == 0;
    }
    if (accepting == 0 || accepting == json_array_size(tests)) {
        test_error("an accepting and a refusing test are needed", id);
    }
    (void)json_object_del(by_id, id);
    return json_array_size(tests);
}

int main(int argc, char **argv)
{
    size_t i;
    json_t *group;
    const char *id;
    json_t *rule;
    size_t tests = 0;
    size_t red = 0;
    size_t elsewhere = 0;
    if (argc != 3 && argc != 4) {
        test_error("usage", "rule_runner RULES TESTS [RED]");
    }
    json_t *rules = load(argv[1]);
    json_t *document = load(argv[2]);
    json_t *groups = json_object_get(document, "testGroups");
    json_t *by_id = rules_by_id(rules);
    json_array_foreach(groups, i, group)
    {
        tests += check_group(by_id, group, tests);
    }
    json_object_foreach(by_id, id, rule)
    {
        if (!has(rule, "test")) {
            test_error("a rule without a test", id);
        }
        printf("elsewhere: %s in %s\n", id, json_string_value(json_object_get(rule, "test")));
        elsewhere++;
    }
    if (tests == 0 || json_integer_value(json_object_get(document, "numberOfTests")) != (json_int_t)tests) {
        test_error("numberOfTests", "is not how many there are, or zero");
    }
    FILE *out = argc == 4 ? fopen(argv[3], "w") : NULL;
    json_array_foreach(groups, i, group)
    {
        if (!holds(group)) {
            red++;
            if (out != NULL) {
                fprintf(out, "%s\n", json_string_value(json_object_get(group, "rule")));
            }
        }
    }
    if (argc == 4 && (out == NULL || fclose(out) != 0)) {
        test_error("cannot write", argv[3]);
    }
    printf("%zu rules, %zu tests, %zu red; %zu rules tested elsewhere\n", json_array_size(groups), tests, red,
           elsewhere);
    json_decref(by_id);
    json_decref(document);
    json_decref(rules);
    return red == 0 ? 0 : 1;
}
