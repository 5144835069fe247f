#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the vector files, or compares: what is committed must be exactly what this makes.

usage: generate.py FOLDER            write them into FOLDER
       generate.py --check FOLDER    make them anew and compare with those in FOLDER; exit 1 when a byte differs
"""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import keys  # noqa: E402  (the folder of this file is the only one to import from)
import primitives  # noqa: E402
import sessions  # noqa: E402
import signing  # noqa: E402
import compounds  # noqa: E402
import negotiate  # noqa: E402
import selection  # noqa: E402


def generate(folder):
    files = [make() for module in (primitives, keys, sessions, signing, compounds, negotiate,
                                   selection) for make in module.FILES]
    for file in files:
        file.write(folder)
    return [file.name for file in files]


def check(folder):
    differ = 0
    with tempfile.TemporaryDirectory() as fresh:
        names = generate(fresh)
        for name in names:
            with open(os.path.join(fresh, name), "rb") as new, open(os.path.join(folder, name), "rb") as old:
                same = new.read() == old.read()
            print("%-28s %s" % (name, "same" if same else "DIFFERS"))
            differ += not same
    print("%d files, %d differ" % (len(names), differ))
    return 1 if differ or not names else 0


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        return check(sys.argv[2])
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    print("wrote %s" % ", ".join(generate(sys.argv[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
