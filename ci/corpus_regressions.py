# SPDX-License-Identifier: Apache-2.0
"""A finding becomes a regression: an input of corpus/T/regression, which every test of T replays, and its line in
corpus/REGRESSIONS.md, which says the bug, the commit that has the fix, and the property that was broken."""
import hashlib
import os
import pathlib
import re
import subprocess
import tempfile

import corpus as form
from targets import TARGETS, libfuzzer_flags

SECONDS = 20  # for making it small


class Refused(Exception):
    """Why this becomes no regression, in a line."""


def _field(text, name):
    if not text.strip() or re.search(r"[|\n\r]", text):
        raise Refused(f"the {name} must be a line of text without |")
    return text.strip()


def _minimised(binary, target, data):
    """The smallest input that still ends the target, found by libFuzzer in SECONDS; the input itself once the bug is mended."""
    with tempfile.TemporaryDirectory(prefix="ci-corpus-regression.") as scratch:
        whole, small = pathlib.Path(scratch) / "whole", pathlib.Path(scratch) / "small"
        whole.write_bytes(data)
        quiet = {"cwd": scratch, "capture_output": True, "check": False, "env": {**os.environ, "ASAN_OPTIONS": "detect_leaks=1"}}
        flags = libfuzzer_flags(TARGETS[target])
        if not subprocess.run([str(binary), *flags, str(whole)], **quiet).returncode:
            print(f"{target}: the input passes now; taken as it is")
            return data
        subprocess.run([str(binary), *flags, "-minimize_crash=1", f"-max_total_time={SECONDS}", f"-exact_artifact_path={small}", str(whole)], **quiet)
        if small.is_file() and small.stat().st_size < len(data) and subprocess.run([str(binary), *flags, str(small)], **quiet).returncode:
            return small.read_bytes()
        return data


def add(corpus, binary, target, file, bug, broken):
    """Adds the file; returns the exit code."""
    bug, broken = _field(bug, "bug"), _field(broken, "property")
    if not file.is_file() or file.is_symlink():
        raise Refused(f"{file}: not a regular file")
    data = file.read_bytes()
    if len(data) > TARGETS[target]["max_len"]:
        raise Refused(f"{file}: {len(data)} bytes, over the target's max_len of {TARGETS[target]['max_len']}")
    table = corpus / "REGRESSIONS.md"
    rows, wrong = form.regressions(table)
    if wrong:
        raise Refused(wrong[0])
    small = _minimised(binary, target, data)
    name = hashlib.sha1(small).hexdigest()
    if (target, name) in rows:
        raise Refused(f"{table}:{rows[target, name]}: {name} is a regression already")
    folder = corpus / target / "regression"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(small)
    (corpus / target / name).unlink(missing_ok=True)
    lines = [line for line in table.read_text(encoding="utf-8").rstrip("\n").split("\n") if line != form.NO_REGRESSION]
    text = "\n".join([*lines, f"| {target} | {name} | {bug} | this commit | {broken} |"]) + "\n"
    table.write_text(re.sub("\n{3,}", "\n\n", text), encoding="utf-8")
    print(f"{target}: {folder / name}, {len(small)} of {len(data)} bytes; its line is the last of {table}")
    return 0
