#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks vector files against their schemas: the form, and each test with its group's fields against the schema of its type. Then shows
that the schemas can refuse: of one test of each type, every field is left out, replaced and added to. usage: check_schemas.py FILE.json..."""
import copy
import json
import os
import sys

import jsonschema

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schemas")
GROUP_META = {"type", "source", "comment", "rule", "tests"}
TEST_META = {"tcId", "comment", "flags", "result", "rule"}
OPTIONAL = {("NegotiateSelect", "policy")}


def load_schemas():
    schemas = {}
    for name in sorted(os.listdir(FOLDER)):
        with open(os.path.join(FOLDER, name), encoding="ascii") as file:
            schemas[name] = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schemas[name])
        if schemas[name]["$id"] != name:
            sys.exit("%s: $id is %s" % (name, schemas[name]["$id"]))
    return {name: jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver(name, schema, store=schemas))
            for name, schema in schemas.items()}


def first_error(validator, instance):
    error = jsonschema.exceptions.best_match(validator.iter_errors(instance))
    return error and "%s: %s" % (error.json_path, error.message[:300])


def tests(data):
    for group in data["testGroups"]:
        for test in group["tests"]:
            shared = {name: value for name, value in group.items() if name not in GROUP_META}
            yield group["type"], test["tcId"], {**shared,
                                                **{name: value for name,
                                                   value in test.items() if name not in TEST_META}}


def damaged(kind, test):
    """The test with one field wrong, for each field and each way."""
    yield "an unknown field", {**test, "unknownField": 1}
    for name in test:
        if (kind, name) not in OPTIONAL:
            yield "without %s" % name, {n: v for n, v in test.items() if n != name}
        for value in (1.5, "G", -1, {"unknownField": 1}, [{"unknownField": 1}]):
            yield "%s = %r" % (name, value), {**test, name: value}


def damaged_forms(data):
    for name in data:
        yield "without %s" % name, {n: v for n, v in data.items() if n != name}
    yield "an unknown field", {**data, "unknownField": 1}
    for path, change in [("no groups", lambda d: d["testGroups"].clear()),
                         ("no tests", lambda d: d["testGroups"][0]["tests"].clear()),
                         ("no source", lambda d: d["testGroups"][0].pop("source")),
                         ("an empty source", lambda d: d["testGroups"][0].update(source="")),
                         ("an unknown type", lambda d: d["testGroups"][0].update(type="Nothing")),
                         ("tcId 0", lambda d: d["testGroups"][0]["tests"][0].update(tcId=0)),
                         ("no flags", lambda d: d["testGroups"][0]["tests"][0].pop("flags")),
                         ("an unknown result", lambda d: d["testGroups"][0]["tests"][0].update(result="acceptable"))]:
        broken = copy.deepcopy(data)
        change(broken)
        yield path, broken


def main():
    validators, bad, checked, tried, seen = load_schemas(), 0, 0, 0, {}
    form = validators["vectors_schema.json"]
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        with open(path, encoding="ascii") as file:
            data = json.load(file)
        error = first_error(form, data)
        if error:
            print("%s: %s" % (path, error))
            bad += 1
            continue
        for kind, number, test in tests(data):
            error = first_error(validators[kind + ".json"], test)
            if error:
                print("%s: tcId %d (%s): %s" % (path, number, kind, error))
                bad += 1
            checked += 1
            seen.setdefault(kind, test)
        for what, broken in damaged_forms(data) if path == sys.argv[1] else ():
            if first_error(form, broken) is None:
                print("the form accepts a file with %s" % what)
                bad += 1
            tried += 1
    for kind, test in seen.items():
        for what, broken in damaged(kind, test):
            if first_error(validators[kind + ".json"], broken) is None:
                print("%s.json accepts %s" % (kind, what))
                bad += 1
            tried += 1
    for name in set(validators) - {kind + ".json" for kind in seen} - {"vectors_schema.json"}:
        print("%s: no test of this type" % name)
        bad += 1
    print("%d files, %d tests of %d types checked; %d damaged copies tried, all must be refused; %d faults" %
          (len(sys.argv) - 1, checked, len(seen), tried, bad))
    return 1 if bad or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
