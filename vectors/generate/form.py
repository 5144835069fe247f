# SPDX-License-Identifier: Apache-2.0
"""Vector files in the making: Wycheproof form, numbered, counted, with every flag explained; written with one test a line."""
import json
import os


def plain(value):
    """Bytes as lower-case hex, in whatever they are nested."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, dict):
        return {name: plain(v) for name, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


class Group:
    def __init__(self, file, kind, source, comment, shared):
        self.file, self.tests = file, []
        self.head = {"type": kind, "source": source}
        if comment:
            self.head["comment"] = comment
        self.head.update(plain(shared))

    def add(self, comment, valid, flags=(), **fields):
        self.file.count += 1
        for flag in flags:
            self.file.used.add(flag)
        self.tests.append({"tcId": self.file.count, "comment": comment, "flags": list(flags), **plain(fields),
                           "result": "valid" if valid else "invalid"})

    def valid(self, comment, flags=(), **fields):
        self.add(comment, True, flags, **fields)

    def invalid(self, comment, flags=(), **fields):
        self.add(comment, False, flags, **fields)


class VectorFile:
    def __init__(self, name, algorithm, notes):
        self.name, self.algorithm, self.notes = name, algorithm, notes
        self.groups, self.count, self.used = [], 0, set()

    def group(self, kind, source, comment=None, **shared):
        self.groups.append(Group(self, kind, source, comment, shared))
        return self.groups[-1]

    def write(self, folder):
        if self.used != set(self.notes):
            raise ValueError("%s: flags and notes differ: %s" % (self.name, self.used ^ set(self.notes)))
        lines = ["{"]
        head = {"algorithm": self.algorithm, "schema": "schemas/vectors_schema.json", "numberOfTests": self.count,
                "notes": self.notes}
        for name, value in head.items():
            lines.append(" %s: %s," % (json.dumps(name), json.dumps(value, indent=2).replace("\n", "\n ")))
        lines.append(' "testGroups": [')
        for i, group in enumerate(self.groups):
            if not group.tests:
                raise ValueError("%s: an empty group: %s" % (self.name, group.head))
            head = json.dumps(group.head)[:-1]
            tests = ",\n".join("   " + json.dumps(test) for test in group.tests)
            lines.append('  %s, "tests": [\n%s\n  ]}%s' % (head, tests, "," if i + 1 < len(self.groups) else ""))
        lines.append(" ]\n}\n")
        with open(os.path.join(folder, self.name), "w", encoding="ascii", newline="\n") as out:
            out.write("\n".join(lines))
