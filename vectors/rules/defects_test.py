#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The rule runner must fail on each of these. usage: defects_test.py RUNNER RULES TESTS"""
import copy
import json
import os
import subprocess
import sys
import tempfile


def first(tests, rule):
    return next(g for g in tests["testGroups"] if g["rule"] == rule)["tests"]


def wrong_status(rules, tests):
    first(tests, "HDR-PROTOCOL-ID")[0]["expect"]["status"] = "CSIGN_MALFORMED"


def wrong_value(rules, tests):
    first(tests, "HDR-SESSION-ID")[0]["expect"]["session_id"] = "0807060504030202"


def right_value_forbidden(rules, tests):
    test = first(tests, "SIGN-HMAC-FIRST-16")[1]
    test["differs"] = {"tag": first(tests, "SIGN-HMAC-FIRST-16")[0]["expect"]["tag"]}


def relation_broken(rules, tests):
    first(tests, "KEY-LABEL-311-SIGNING")[0]["expect"]["out_kdf"]["label"] += "00"


def rule_without_test(rules, tests):
    rules["rules"].append({"id": "NEW-RULE", "mark": "S", "source": "s", "enforced": "lib/wire/header.c", "text": "t"})


def test_without_rule(rules, tests):
    rules["rules"] = [r for r in rules["rules"] if r["id"] != "PREAUTH-CHAIN"]


def rule_twice(rules, tests):
    rules["rules"].append(rules["rules"][0])


def unknown_mark(rules, tests):
    rules["rules"][0]["mark"] = "X"


def no_refusing_test(rules, tests):
    for test in first(tests, "HDR-LENGTH"):
        test["result"] = "valid"


def no_accepting_test(rules, tests):
    for test in first(tests, "HDR-LENGTH"):
        test["result"] = "invalid"


def count_differs(rules, tests):
    tests["numberOfTests"] += 1


def ids_not_in_order(rules, tests):
    first(tests, "HDR-LENGTH")[0]["tcId"] = 9999


def argument_not_read(rules, tests):
    first(tests, "HDR-LENGTH")[0]["args"]["extra"] = 1


def argument_missing(rules, tests):
    del first(tests, "HDR-LENGTH")[0]["args"]["message"]


def field_not_given(rules, tests):
    first(tests, "HDR-LENGTH")[0]["expect"]["colour"] = "green"


def unknown_call(rules, tests):
    first(tests, "HDR-LENGTH")[0]["call"] = "guess"


def no_tests(rules, tests):
    tests["testGroups"], tests["numberOfTests"], rules["rules"] = [], 0, []


DEFECTS = {  # defect: exit code
    wrong_status: 1, wrong_value: 1, right_value_forbidden: 1, relation_broken: 1, argument_not_read: 1, argument_missing: 1,
    field_not_given: 1, unknown_call: 1, rule_without_test: 2, test_without_rule: 2, rule_twice: 2, unknown_mark: 2,
    no_refusing_test: 2, no_accepting_test: 2, count_differs: 2, ids_not_in_order: 2, no_tests: 2}


def main():
    runner, rules, tests = sys.argv[1], *(json.load(open(p, encoding="utf-8")) for p in sys.argv[2:])
    failures = 0

    def run(folder, table, document):
        paths = [os.path.join(folder, n) for n in ("rules.json", "tests.json")]
        for path, content in zip(paths, (table, document)):
            with open(path, "w", encoding="utf-8") as out:
                json.dump(content, out)
        return subprocess.run([runner] + paths, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)

    with tempfile.TemporaryDirectory() as folder:
        if run(folder, rules, tests).returncode != 0:
            sys.exit("the tests are red before any defect")
        for defect, code in DEFECTS.items():
            table, document = copy.deepcopy(rules), copy.deepcopy(tests)
            defect(table, document)
            done = run(folder, table, document)
            print("%-24s exit %d %s" % (defect.__name__, done.returncode, done.stderr.decode().strip()))
            failures += done.returncode != code
    if failures:
        sys.exit("%d defects did not give the exit they should" % failures)


if __name__ == "__main__":
    main()
