#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts checks from result files and compares their names with the committed list.

A check is a Bazel test target in one configuration ("msan //tests:wipe") or a named script ("script lint.shellcheck").
Bazel's results are its build event files, a script's are what ci/common.sh writes; text that programs print is never read.
A listed check that did not run, one that is not listed, a failed and a skipped one: each makes the run fail.

usage: tally.py RESULTS LIST [--accept]       --accept writes LIST from a run in which nothing failed
"""
import json
import os
import sys

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


def bazel_checks(path, configuration):
    """The outcome of each test in a build event file, and a failed check of its own for whatever else went wrong."""
    outcome, tests, ended = {}, set(), False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            ended = ended or event.get("lastMessage", False)
            ident = event["id"]
            if "targetConfigured" in ident and "configured" in event:
                if "testSize" in event["configured"]:
                    tests.add(ident["targetConfigured"]["label"])
            elif "targetCompleted" in ident:
                label = ident["targetCompleted"]["label"]
                if event.get("aborted", {}).get("reason") == "SKIPPED":
                    if label in tests:
                        outcome[label] = SKIPPED
                elif not event.get("completed", {}).get("success", False):
                    outcome[label] = FAILED
            elif "testSummary" in ident:
                good = event["testSummary"]["overallStatus"] == "PASSED"  # FLAKY is not PASSED
                outcome[ident["testSummary"]["label"]] = PASSED if good else FAILED
    with open(path[: -len(".bep.json")] + ".exit", encoding="utf-8") as code_file:
        code = int(code_file.read())
    result = {f"{configuration} {label}": state for label, state in outcome.items()}
    if not ended or not outcome or (code != 0 and FAILED not in outcome.values()):
        result[f"{configuration} (bazel itself: exit {code}, {len(outcome)} results)"] = FAILED
    return result


def script_check(path):
    with open(path, encoding="utf-8") as file:
        record = json.load(file)
    return {f"script {record['name']}": {0: PASSED, 77: SKIPPED}.get(record["exit"], FAILED)}


def collect(results):
    outcome = {}
    for name in sorted(os.listdir(results)):
        path = os.path.join(results, name)
        if name.endswith(".bep.json"):
            outcome.update(bazel_checks(path, name[: -len(".bep.json")]))
        elif name.endswith(".script.json"):
            outcome.update(script_check(path))
    return outcome


def read_list(path):
    with open(path, encoding="utf-8") as file:
        return {line.strip() for line in file if line.strip() and not line.startswith("#")}


def write_list(path, names):
    old = read_list(path) if os.path.exists(path) else set()
    for mark, changed in (("-", old - names), ("+", names - old)):
        for name in sorted(changed):
            print(f"  {mark} {name}")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("# The checks that must run and pass; ci/tally.py compares. `--accept` rewrites this file.\n")
        file.writelines(name + "\n" for name in sorted(names))


def main(arguments):
    accept = "--accept" in arguments
    results, list_path = [a for a in arguments if a != "--accept"]
    outcome = collect(results)
    bad = {name: state for name, state in outcome.items() if state != PASSED}
    if accept and outcome and not bad:
        write_list(list_path, set(outcome))
    elif accept:
        print(f"{list_path} is left as it was: not everything passed")
    listed = read_list(list_path) if os.path.exists(list_path) else set()
    for name in sorted(listed - set(outcome)):
        bad[name] = "vanished: listed, but it did not run"
        outcome[name] = FAILED
    for name in sorted(set(outcome) - listed):
        bad[name] = outcome[name] + ", but not listed: run with --accept and commit the list"
        outcome[name] = FAILED
    if not outcome:
        bad["(none)"] = "nothing ran"
    for name, why in sorted(bad.items()):
        print(f"  {name}: {why}")
    if bad:
        print(f"not as listed in {os.path.relpath(list_path)}")
    counts = [sum(state == s for state in outcome.values()) for s in (PASSED, FAILED, SKIPPED)]
    print("%d passed, %d failed, %d skipped" % tuple(counts))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
