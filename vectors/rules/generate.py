#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes rule_tests.json: the tests of all rules of rules.json. Usage: generate.py FILE, or generate.py --check FILE.

--check compares with the file in place of writing it: the committed tests are those that this generator gives."""
import json
import sys

import collect
import rules_contexts
import rules_keys
import rules_message
import rules_negotiate
import rules_policy
import rules_signing


def document():
    for module in (rules_message, rules_negotiate, rules_contexts, rules_policy, rules_signing, rules_keys):
        module.build()
    groups, number = [], 0
    for rule in collect.GROUPS:
        for test in rule.tests:
            number += 1
            test["tcId"] = number
        groups.append({"rule": rule.rule_id, "tests": rule.tests})
    return {"algorithm": "SMB2-RULES", "numberOfTests": number, "testGroups": groups}


def text(doc):
    """One test a line, so that a change shows as the lines of its tests."""
    groups = []
    for group in doc["testGroups"]:
        tests = ",\n".join("   " + json.dumps(t, sort_keys=True) for t in group["tests"])
        groups.append('  {"rule": %s, "tests": [\n%s]}' % (json.dumps(group["rule"]), tests))
    return '{"algorithm": "%s", "numberOfTests": %d, "testGroups": [\n%s]}\n' % (
        doc["algorithm"], doc["numberOfTests"], ",\n".join(groups))


def main():
    check, path = len(sys.argv) == 3 and sys.argv[1] == "--check", sys.argv[-1]
    if len(sys.argv) != 2 and not check:
        sys.exit(__doc__)
    made = text(document())
    if not check:
        with open(path, "w", encoding="ascii") as out:
            out.write(made)
    elif open(path, encoding="ascii").read() != made:
        sys.exit("%s is not what generate.py makes of the rules: run generate.py %s and look at the difference" % (path, path))


if __name__ == "__main__":
    main()
