#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""At least 90 % of the seeds of each target get past its first length check, as the target itself says while it runs (fuzz.h,
fuzz_too_short). The empty input must not, for any target: one that says so of nothing would pass without a word.

usage: long_enough_test.py SEEDS BINARY...
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ENOUGH = 0.9


def past(binary, path):
    """(inputs that get past, inputs)"""
    done = subprocess.run([binary, "--require_inputs", "--stats", path], capture_output=True, text=True, errors="replace", check=False)
    found = re.search(r"^\w+: (\d+) of (\d+) inputs get past", done.stdout, re.M)
    if done.returncode or not found:
        raise SystemExit(f"{binary} {path}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return int(found[1]), int(found[2])


def main(seeds, *binaries):
    wrong = []
    with tempfile.NamedTemporaryFile(dir=os.environ.get("TEST_TMPDIR")) as empty:
        for binary in binaries:
            target = pathlib.Path(binary).name.removesuffix("_bin")
            passed, inputs = past(binary, f"{seeds}/{target}")
            print(f"{target}: {passed} of {inputs} seeds get past the first length check, {100 * passed / inputs:.1f} %")
            if passed < ENOUGH * inputs:
                wrong.append(f"{target}: less than {100 * ENOUGH:.0f} % of the seeds get past the first length check")
            if past(binary, empty.name)[0]:
                wrong.append(f"{target}: the empty input gets past the first length check: the target does not call fuzz_too_short")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong or not binaries else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
