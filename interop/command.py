# SPDX-License-Identifier: Apache-2.0
"""The command line of ci/interop: which cells, in what order, and the table at the end."""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time

import attacked
import big
import cells
import endings
import faults
import flooded
import network
import speed
import torture_all
from judge import VERDICTS
from floods import FLOODS
from lab import Lab
from table import show

ROOT = pathlib.Path(__file__).resolve().parent.parent

PROGRAMS = {"tool": "//tools:countersign", "server": "//interop/server:server", "load": "//interop:load"}
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def stop(why):
    print("ci/interop: %s" % why, file=sys.stderr)
    sys.exit(2)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="ci/interop", description="Real SMB servers and clients on a loopback interface of their own, and every "
                                     "message between them judged by countersign, by a second opinion, and against the keys that Samba logs.",
                                     epilog="Exit status: 0 every cell is as promised, 1 one is not, 2 the lab could not run.")
    parser.add_argument("--list", action="store_true", help="print the names of the cells and end")
    parser.add_argument("--only", metavar="PATTERN", help="cells whose name contains the text or matches the shell pattern")
    parser.add_argument("--slice", metavar="SLICE", help="'quick', 'rest' (all but quick), or N/M: every M-th cell, from the N-th")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the rows as JSON")
    parser.add_argument("--keep", metavar="DIR", type=pathlib.Path, help="keep captures, logs and keys in a new folder")
    parser.add_argument("--faults", action="store_true", help="plant faults instead, each of which must be seen")
    parser.add_argument("--attacks", action="store_true", help="try to make the reference server accept what it must not, and print each answer")
    parser.add_argument("--floods", action="store_true", help="flood the reference server, while a client that behaves measures how it is served "
                        "(--slice quick, --only)")
    parser.add_argument("--endings", action="store_true", help="end the reference server in every way, and start it wrongly")
    parser.add_argument("--all", action="store_true", help="every smb2 test of smbtorture against the reference server, compared with SMBTORTURE.md")
    parser.add_argument("--accept", action="store_true", help="with --all: what comes is the new record")
    parser.add_argument("--big", metavar="MB", type=int, help="only record, into --keep DIR: a file of so many MB put and got back, in one session for "
                        "each signing algorithm")
    parser.add_argument("--jobs", metavar="N", type=int, default=2 * (os.cpu_count() or 1), help="cells at once (%(default)s here)")
    parser.add_argument("--speed", action="store_true", help="the reference server beside smbd: requests a second, CPU time for each")
    parser.add_argument("--tool", metavar="PATH", type=pathlib.Path, help="the countersign to try, instead of building one")
    parser.add_argument("--server", metavar="PATH", type=pathlib.Path, help="the reference server to try, likewise")
    parser.add_argument("--load", metavar="PATH", type=pathlib.Path, help="the client of --speed, likewise")
    return parser.parse_args(arguments)


def chosen(arguments):
    """Cells, or floods: what has a name and may be quick."""
    some = list(FLOODS.values()) if arguments.floods else cells.all_cells()
    if arguments.only:
        some = [c for c in some if arguments.only in c.name or fnmatch.fnmatchcase(c.name, arguments.only)]
    if arguments.slice in ("quick", "rest"):
        some = [c for c in some if c.quick == (arguments.slice == "quick")]
    elif arguments.slice:
        try:
            first, step = map(int, arguments.slice.split("/"))
            some = some[first - 1::step] if 1 <= first <= step else []
        except ValueError:
            stop("--slice %s: neither 'quick', 'rest' nor N/M" % arguments.slice)
    if not some:
        stop("no cell is chosen; --list shows their names")
    return some


def build():
    """countersign and the reference server, by Bazel; this must be before the lab enters its namespace, where Bazel's server is out of reach."""
    bazel = shlex.split(os.environ.get("BAZEL", "bazel"))
    flags = ["--symlink_prefix=/", "--experimental_downloader_config=ci/offline.cfg"]
    built = subprocess.run([*bazel, "build", "--noshow_progress", "--show_result=0", *flags, *PROGRAMS.values()], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    if built.returncode:
        stop("bazel build %s failed:\n%s" % (" ".join(PROGRAMS.values()), built.stderr))
    where = subprocess.run([*bazel, "info", *flags, "bazel-bin"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    return {name: pathlib.Path(where) / program.strip("/").replace(":", "/") for name, program in PROGRAMS.items()}


def result(row):
    return ("FAILED" if row.problems else "ok") + (", attempt %d" % row.attempts if row.attempts > 1 else "")


def table(rows):
    head = ("cell", "client", "dialect", "signing", "cipher", "messages", "verified", "bad", "mirrored", "no-key", "encrypted", "decrypted", "keys", "result")
    lines = [head]
    for row in rows:
        c, n = row.cell, row.counts
        lines.append((c.name, c.client, c.dialect or "various", c.signing or "various", c.cipher or ("none" if c.dialect else "various"), row.messages,
                      n["verified"], n["bad"], n["mirrored"], n["no-key"], n["encrypted"], n["decrypted"], row.keys, result(row)))
    sums = [sum(line[i] for line in lines[1:]) for i in range(5, 13)]
    lines.append(("%d cells" % len(rows), "", "", "", "", *sums, "%d failed" % sum(bool(r.problems) for r in rows)))
    show(lines, right=range(5, 13))
    for row in rows:
        for problem in row.problems:
            print("FAILED %s: %s" % (row.cell.name, problem))


def as_json(rows):
    names = ("name", "client", "dialect", "signing", "cipher")
    return {"totals": {"cells": len(rows), "failed": sum(bool(r.problems) for r in rows), "messages": sum(r.messages for r in rows),
                       **{v: sum(r.counts[v] for r in rows) for v in VERDICTS}, "keys": sum(r.keys for r in rows)},
            "cells": [{**{n: getattr(r.cell, n) for n in names}, "messages": r.messages, **{v: r.counts[v] for v in VERDICTS}, "sessions": r.sessions,
                       "compared": r.compared, "keys": r.keys, "attempts": r.attempts, "problems": r.problems} for r in rows]}


def run_all(lab, some, jobs):
    """The rows in the order of the cells. A signal ends the lab, which ends what the workers wait for."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(lab.run, cell) for cell in some]
        try:
            return [future.result() for future in futures]
        except BaseException:
            lab.processes.stop_all()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def end(number, _):
    """Leaves the lab, which cleans up; a second signal must not disturb that."""
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def main(program, arguments):
    options = parse(arguments)
    some = chosen(options)
    if options.list:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        print("\n".join(c.name for c in some))
        return 0
    if options.keep and options.keep.exists():
        stop("--keep %s: it exists; name a new folder" % options.keep)
    if options.accept and not options.all:
        stop("--accept without --all: there is nothing to accept")
    if options.big and not options.keep:
        stop("--big without --keep DIR: the recordings would be deleted")
    for name in PROGRAMS:
        path = getattr(options, name)
        if path and not os.access(path, os.X_OK):
            stop("--%s %s: not a program" % (name, path))
    needed = [name for name in PROGRAMS if name != "load" or options.speed]
    built = {} if all(getattr(options, name) for name in needed) else build()
    programs = {name: (getattr(options, name) or built[name]).resolve() for name in needed}
    own = network.enter([program, *arguments, *(word for name, path in programs.items() for word in ("--" + name, str(path)))])
    if own:
        network.up()
    else:
        print("ci/interop: no network namespace is to be had: on the host's loopback interface", file=sys.stderr)
    for number in SIGNALS:
        signal.signal(number, end)
    try:
        with Lab(programs["tool"], programs["server"], options.keep and options.keep.resolve()) as lab:
            return work(lab, options, some)
    except (OSError, RuntimeError) as error:
        stop(error)


def work(lab, options, some):
    """What the command line asks for; returns the exit status."""
    if options.faults:
        missed = faults.plant(lab)
        print("%d faults were not seen" % missed)
        return 1 if missed else 0
    if options.attacks:
        return attacked.main(lab)
    if options.floods:
        return flooded.main(lab, some, quick=options.slice == "quick")
    if options.endings:
        return 1 if endings.main(lab) else 0
    if options.speed:
        return speed.main(lab, options.load)
    if options.all:
        return torture_all.main(lab, options.jobs, options.accept)
    if options.big:
        return 1 if big.record(lab, options.big) else 0
    started = time.monotonic()
    rows = run_all(lab, some, options.jobs)
    table(rows)
    print("%.0f s, %d cells at once" % (time.monotonic() - started, options.jobs))
    if options.json:
        options.json.write_text(json.dumps(as_json(rows), indent=1) + "\n")
    return 1 if any(row.problems for row in rows) else 0
