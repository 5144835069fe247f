#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""corpus/ has the right form (fuzz/corpus.py), and each fault that this looks for, planted in a copy, is seen.

usage: corpus_test.py CORPUS SEEDS
"""
import hashlib
import os
import pathlib
import shutil
import sys
import tempfile

import corpus as form

A_TARGET = "compound"


def put(folder, data, name=None):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or hashlib.sha1(data).hexdigest())
    path.write_bytes(data)
    return path


def row(corpus, data, bug="a bug"):
    table = corpus / "REGRESSIONS.md"
    text = "".join(line for line in table.read_text().splitlines(True) if line.strip() != form.NO_REGRESSION)
    table.write_text(f"{text}| {A_TARGET} | {hashlib.sha1(data).hexdigest()} | {bug} | this commit | a property |\n")


def regression_without_line(c):
    put(c / A_TARGET / "regression", b"regression")


def line_twice(c):
    put(c / A_TARGET / "regression", b"regression")
    row(c, b"regression")
    row(c, b"regression", "the same")


def no_line_and_no_word(c):
    table = c / "REGRESSIONS.md"
    table.write_text("\n".join(line for line in table.read_text().splitlines() if line[:2] != "| " and line != form.NO_REGRESSION) + "\n")


def too_much(c):
    for i in range(600):
        put(c / A_TARGET, b"much %d" % i)


def defects(seeds):
    """name: (what plants it in a copy of corpus/, what must be said)"""
    seed = sorted((seeds / A_TARGET).iterdir())[0]
    return {
        "wrong name": (lambda c: put(c / A_TARGET, b"some input", "0" * 40), "not the SHA-1"),
        "too long": (lambda c: put(c / A_TARGET, bytes(form.TARGETS[A_TARGET]["max_len"] + 1)), "over the target's max_len"),
        "no such target": (lambda c: put(c / "no_such_target", b"x"), "no such target"),
        "a stray file": (lambda c: put(c, b"x", "stray"), "does not belong here"),
        "a folder among inputs": (lambda c: (c / A_TARGET / "deeper").mkdir(parents=True), "not a regular file"),
        "a link among inputs": (lambda c: ((c / A_TARGET).mkdir(exist_ok=True), os.symlink("/dev/zero", c / A_TARGET / "link")), "not a regular file"),
        "a regression folder that is none": (lambda c: put(c / A_TARGET, b"x", "regression"), "regression: its name is not the SHA-1"),
        "a link for the regression folder": (lambda c: ((c / A_TARGET).mkdir(exist_ok=True), os.symlink("/dev", c / A_TARGET / "regression")), "regression: not a regular file"),
        "a seed": (lambda c: put(c / A_TARGET, seed.read_bytes()), "a seed already"),
        "a regression without its line": (regression_without_line, "has no line"),
        "a line without its regression": (lambda c: row(c, b"no such file"), "is not there"),
        "a line twice": (line_twice, "named twice"),
        "a broken line": (lambda c: (c / "REGRESSIONS.md").open("a").write("| compound | x |\n"), "not a line"),
        "an empty table that does not say so": (no_line_and_no_word, "if and only if"),
        "a table that is no text": (lambda c: (c / "REGRESSIONS.md").write_bytes(b"| \xff |\n"), "byte 2: not UTF-8"),
        "no table": (lambda c: (c / "REGRESSIONS.md").unlink(), "is not there, or empty"),
        "over the limit": (too_much, "not under"),
    }


def main(arguments):
    given, seeds = map(pathlib.Path, arguments)
    scratch = pathlib.Path(tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR")))
    corpus = scratch / "corpus"
    shutil.copytree(given, corpus)  # Bazel shows a test links
    wrong = form.faults(corpus, seeds)
    planted = defects(seeds)
    for name, (plant, said) in planted.items():
        copy = scratch / name.replace(" ", "_")
        shutil.copytree(corpus, copy)
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o755)
        plant(copy)
        if not any(said in fault for fault in form.faults(copy, seeds)):
            wrong.append(f"planted and not seen: {name}")
        shutil.rmtree(copy)
    for line in wrong:
        print(line, file=sys.stderr)
    count = sum(len(form.inputs(corpus / t)) for t in form.TARGETS)
    rows, _ = form.regressions(corpus / "REGRESSIONS.md")
    print(f"corpus: {count} inputs, {len(rows)} of them regressions, {form.kib(corpus)} KiB of {form.LIMIT_KIB}; {len(planted)} planted faults seen")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
