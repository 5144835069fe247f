# SPDX-License-Identifier: Apache-2.0
"""The form of corpus/: what may lie there, under which name, how long, how much in all, and that corpus/REGRESSIONS.md and the
regression/ folders name the same inputs. What an input adds is another question, ci/corpus --check's."""
import hashlib
import os
import re
import stat

from targets import TARGETS

LIMIT_KIB = 2048
BLOCK = 4096  # as du counts on most file systems; a folder takes one too
NO_REGRESSION = "There is no regression yet."
ROW = re.compile(r"^\| (\w+) \| ([0-9a-f]{40}) \| ([^|]+) \| ([0-9a-f]{7,40}|this commit) \| ([^|]+) \|$")
BESIDE = {"BUILD.bazel", "LEDGER.jsonl", "README.md", "REGRESSIONS.md"}


def file_fault(path, max_len):
    """What is wrong with one input, or None."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return f"{path}: not a regular file"
    size = path.stat().st_size
    if size > max_len:
        return f"{path}: {size} bytes, over the target's max_len of {max_len}"
    try:
        if hashlib.sha1(path.read_bytes()).hexdigest() != path.name:
            return f"{path}: its name is not the SHA-1 of its content"
    except OSError as problem:
        return f"{path}: {problem.strerror}"
    return None


def inputs(folder):
    """What lies in corpus/T and corpus/T/regression, in order."""
    if not folder.is_dir():
        return []
    regression = folder / "regression"
    if not regression.is_dir() or regression.is_symlink():
        return sorted(folder.glob("*"))
    return sorted(p for p in [*folder.glob("*"), *regression.glob("*")] if p != regression)


def kib(corpus):
    """Disk space in whole blocks, folders included."""
    blocks = sum(1 if os.path.isdir(p) else -(-os.lstat(p).st_size // BLOCK) for p in [corpus, *corpus.rglob("*")])
    return blocks * BLOCK // 1024


def regressions(path):
    """({(target, name)}, faults) of REGRESSIONS.md."""
    rows, faults = {}, []
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    except UnicodeDecodeError as problem:
        return rows, [f"{path}: byte {problem.start}: not UTF-8"]
    if not lines:
        return rows, [f"{path}: is not there, or empty"]
    for number, line in enumerate(lines, 1):
        if not line.startswith("|") or re.match(r"^\| target \||^\|-", line):
            continue
        row = ROW.match(line)
        if not row:
            faults.append(f"{path}:{number}: not a line `| target | SHA-1 | bug | commit | property |`")
        elif row.group(1, 2) in rows:
            faults.append(f"{path}:{number}: {row.group(2)} is named twice")
        else:
            rows[row.group(1, 2)] = number
    if (NO_REGRESSION in lines) == bool(rows):
        faults.append(f"{path}: says \"{NO_REGRESSION}\" if and only if it has no line of the table")
    return rows, faults


def faults(corpus, seeds):
    """Every fault of the corpus, one a line; seeds is the folder with a folder of seeds for each target."""
    found = []
    for path in sorted(corpus.iterdir()):
        if path.name not in (TARGETS if path.is_dir() else BESIDE):
            found.append(f"{path}: no such target in fuzz/targets.bzl" if path.is_dir() else f"{path}: does not belong here")
    rows, wrong = regressions(corpus / "REGRESSIONS.md")
    found += wrong
    for target, spec in TARGETS.items():
        for path in inputs(corpus / target):
            fault = file_fault(path, spec["max_len"])
            if fault:
                found.append(fault)
            elif path.parent.name == "regression":
                if rows.pop((target, path.name), None) is None:
                    found.append(f"{path}: has no line in {corpus}/REGRESSIONS.md")
            elif (seeds / target / path.name).exists():
                found.append(f"{path}: a seed already, from captures or vectors")
    found += [f"{corpus}/REGRESSIONS.md:{n}: {t}/regression/{name} is not there" for (t, name), n in rows.items()]
    if kib(corpus) >= LIMIT_KIB:
        found.append(f"{corpus}: {kib(corpus)} KiB in disk blocks, not under {LIMIT_KIB}")
    return found
