#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the measurement and prints the report."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import report  # noqa: E402
import result  # noqa: E402


def main():
    measure, options = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.json")
        code = subprocess.run([measure, *options, "--json", path], check=False).returncode
        if code or "--list" in options:
            return code
        print(report.text(result.load(path)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
