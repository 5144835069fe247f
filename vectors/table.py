#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes all vectors as a C array for runner/table_main.c, which tells the form. usage: table.py OUT.c FILE.json..."""
import json
import re
import sys

GROUP_META = {"type", "source", "comment", "rule", "tests"}
TEST_META = {"tcId", "comment", "flags", "result", "rule"}


def fields(name, value):
    """The (kind, name, text) triples of a JSON value: what runner/json_case.c makes of it."""
    if value is None:
        yield "z", name, ""
    elif isinstance(value, bool):
        yield "b", name, str(int(value))
    elif isinstance(value, str):
        yield "s", name, value
    elif isinstance(value, int):
        yield "n", name, str(value)
    elif isinstance(value, list):
        yield "l", name, str(len(value))
        for i, element in enumerate(value):
            yield from fields("%s[%d]" % (name, i), element)
    elif isinstance(value, dict):
        yield "o", name, ""
        for member in value:
            yield from fields(name + "." + member, value[member])
    else:
        sys.exit("%s: not a value for the table: %r" % (name, value))


def strings(paths):
    for path in paths:
        with open(path, encoding="ascii") as file:
            data = json.load(file)
        tests = [(group, test) for group in data["testGroups"] for test in group["tests"]]
        if not tests or len(tests) != data["numberOfTests"]:
            sys.exit("%s: %d tests, numberOfTests is %d" % (path, len(tests), data["numberOfTests"]))
        yield from ["F", path.rsplit("vectors/", 1)[-1], str(len(tests))]
        for group, test in tests:
            flat = [f for source, meta in [(group, GROUP_META), (test, TEST_META)]
                    for name in source if name not in meta for f in fields(name, source[name])]
            yield from ["C", group["type"], test["result"], str(test["tcId"]), test["comment"], str(len(flat))]
            for field in flat:
                yield from field
    yield "E"


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    if not paths:
        sys.exit(__doc__)
    with open(out, "w", encoding="ascii") as file:
        file.write('#include "runner/table.h"\nconst char vectors_table[] =\n')
        for text in strings(paths):
            escaped = re.sub(r'["\\?]', lambda m: "\\" + m.group(), text)
            # Long lines are cut for the compiler's sake; hex digits need no escape, so a cut never splits one.
            for start in range(0, len(escaped), 4000) if re.fullmatch("[0-9a-f]*", escaped) else []:
                file.write('"%s"\n' % escaped[start:start + 4000])
            file.write('"\\000"\n' if re.fullmatch("[0-9a-f]*", escaped) else '"%s\\000"\n' % escaped)
        file.write(";\nconst size_t vectors_table_len = sizeof vectors_table - 1;\n")


if __name__ == "__main__":
    main()
