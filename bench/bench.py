#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures ours against the peers and prints the report."""
import argparse
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import markdown  # noqa: E402
import report  # noqa: E402
import result  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("measure", help=argparse.SUPPRESS)
    parser.add_argument("--json", metavar="FILE", help="keep the result, for bench/compare and --from")
    parser.add_argument("--markdown", metavar="FILE", help="the report as Markdown")
    parser.add_argument("--plot", metavar="FOLDER", help="figures, SVG")
    parser.add_argument("--from", metavar="FILE", dest="source", help="report of a kept result instead of measuring")
    measured = parser.add_argument_group("what is measured, not with --from")
    measured.add_argument("--only", metavar="PATTERN", action="append", default=[], help="cells whose name matches, as 'single/cmac/*'")
    measured.add_argument("--list", action="store_true", help="print the names of the cells")
    measured.add_argument("--rounds", metavar="N", help="samples of everybody in every cell (default 25), above 5 in fives")
    measured.add_argument("--seconds", metavar="N", help="as many rounds as fit in about this time, at least 5")
    measured.add_argument("--quick", action="store_true", help="shows that it works, not how fast")
    measured.add_argument("--require-all", action="store_true", help="a missing peer is a failure")
    measured.add_argument("--cpu", metavar="N", help="the core to run on")
    measured.add_argument("--without", action="append", default=[], metavar="NAME", help="mask avx512, vaes or avx2 off, for everybody")
    parsed = parser.parse_args()
    for name in ("json", "only", "list", "rounds", "seconds", "quick", "require_all", "cpu", "without"):
        if parsed.source and getattr(parsed, name) != parser.get_default(name):
            parser.error("--%s goes with a measurement, and --from reports one that was kept" % name.replace("_", "-"))
    return parsed


def command(options, path):
    words = [options.measure, "--json", path]
    for name in ("only", "without"):
        for value in getattr(options, name):
            words += ["--" + name, value]
    for name in ("rounds", "seconds", "cpu"):
        if getattr(options, name) is not None:
            words += ["--" + name, getattr(options, name)]
    return words + ["--" + name.replace("_", "-") for name in ("list", "quick", "require_all") if getattr(options, name)]


def given(path):
    """A path as the caller wrote it: `bazel run` changes the folder."""
    return path and os.path.join(os.environ.get("BUILD_WORKING_DIRECTORY", ""), path)


def main():
    options = arguments()
    for path in (options.json, options.markdown):
        if path and not os.path.isdir(os.path.dirname(given(path)) or "."):
            raise ValueError("%s: there is no such folder" % path)  # now, not after minutes
    with tempfile.TemporaryDirectory() as folder:
        path = given(options.source) or given(options.json) or os.path.join(folder, "run.json")
        if not options.source:
            code = subprocess.run(command(options, path), check=False).returncode
            if code or options.list:
                return code
        run = result.load(path)
    print(report.text(run))
    if options.markdown:
        with open(given(options.markdown), "w", encoding="utf-8") as file:
            file.write(markdown.text(run))
    if options.plot:
        import plot  # matplotlib takes its time
        print("\n".join(plot.draw(run, given(options.plot))))
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        sys.exit(main())
    except (OSError, ValueError) as error:
        sys.exit("bench: %s" % error)
