#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The coverage table of lib/ from llvm-cov's JSON, and what was not reached. usage: coverage.py EXPORT BOUND

A file of lib/ that is compiled but absent from the export would make the figure a lie, so that fails too.
"""
import glob
import json
import os
import sys


def percent(part):
    return 100.0 if part["count"] == 0 else 100.0 * part["covered"] / part["count"]


def in_project(name):
    return name[name.index("lib/"):]


def unreached(entry):
    """Lines whose every region was not executed, and the branches of which one side never happened."""
    lines = sorted({s[0] for s in entry["segments"] if s[3] and s[2] == 0 and s[4]})
    branches = sorted({(b[0], "true" if b[4] == 0 else "false") for b in entry["branches"] if b[4] == 0 or b[5] == 0})
    return lines, branches


def main(export, bound):
    with open(export, encoding="utf-8") as file:
        data = json.load(file)["data"][0]
    entries = [f for f in data["files"] if "lib/" in f["filename"]]
    print(f"{'file':44} {'lines':>14} {'branches':>14}")
    total = {"lines": [0, 0], "branches": [0, 0]}
    for entry in sorted(entries, key=lambda f: in_project(f["filename"])):
        summary, cells = entry["summary"], []
        for kind in ("lines", "branches"):
            total[kind][0] += summary[kind]["covered"]
            total[kind][1] += summary[kind]["count"]
            cells.append(f"{summary[kind]['covered']}/{summary[kind]['count']} {percent(summary[kind]):5.1f}")
        print(f"{in_project(entry['filename']):44} {cells[0]:>14} {cells[1]:>14}")
    for entry in entries:
        lines, branches = unreached(entry)
        name = in_project(entry["filename"])
        for line in lines:
            print(f"{name}:{line}: not executed")
        for line, side in branches:
            print(f"{name}:{line}: condition never {side}")
    seen = {in_project(f["filename"]) for f in entries}
    code = 0
    for source in sorted(set(glob.glob("lib/*/*.c")) - seen):
        if os.path.getsize(source):
            print(f"{source}: not in the coverage export")
            code = 1
    for kind, (covered, count) in total.items():
        value = 100.0 * covered / count if count else 0.0
        print(f"lib/ {kind}: {covered} of {count}, {value:.2f} % (at least {bound:g} wanted)")
        if value < bound:
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
