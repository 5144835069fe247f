#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""However the lab ends, nothing of it is left; and two of them do not disturb each other.

usage: lab_test.py, which takes half a minute. A lab gets a folder for temporary files of this test's own: a process is the lab's if
that folder is in its command line or environment.
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
import present  # noqa: E402

present.demand()
import command  # noqa: E402
import network  # noqa: E402

CELLS, HELD = "sign.3.1.1.*.required", "oplock.batch1[0-2]"  # the second: of a few seconds each
failures = []


def check(condition, what):
    print("%-7s %s" % ("ok" if condition else "FAILED", what))
    if not condition:
        failures.append(what)


def processes(folder):
    """{pid: name} of the processes that know the folder, zombies aside."""
    found = {}
    for entry in filter(lambda p: p.name.isdigit(), pathlib.Path("/proc").iterdir()):
        try:
            known = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            if os.fsencode(folder) in known and int(entry.name) != os.getpid():
                found[int(entry.name)] = (entry / "comm").read_text().strip()
        except OSError:
            pass  # it ended, or is another user's
    return found


def start(tool, folder, *arguments, environment=None):
    return subprocess.Popen([sys.executable, HERE.parent / "ci" / "interop", *tool, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, env={**os.environ, "TMPDIR": folder, **(environment or {})})


def in_the_middle(folder):
    """The processes of a lab, as soon as servers, captures and clients are all there."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = processes(folder)
        if {"smbd", "tcpdump", "smbtorture"} <= set(found.values()):
            return found
        time.sleep(0.005)
    check(False, "a lab in which smbd, tcpdump and smbtorture run")
    return {}


def nothing_left(folder, what, files=True):
    deadline = time.monotonic() + 5  # what was killed may need a moment to be gone
    while processes(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    check(not processes(folder), "%s leaves no process: %s" % (what, processes(folder)))
    if files:
        check(not os.listdir(folder), "%s leaves no file: %s" % (what, os.listdir(folder)))


def interrupted(tool, number):
    with tempfile.TemporaryDirectory(prefix="csign-") as folder:
        lab = start(tool, folder, "--only", HELD)
        in_the_middle(folder)
        lab.send_signal(number)
        output = lab.communicate()[0]
        check(lab.returncode != 0, "%s: exit status %d" % (signal.Signals(number).name, lab.returncode))
        check("Traceback" not in output, "%s: no traceback" % signal.Signals(number).name)
        # The kernel ends what a killed lab started; its folder it cannot delete.
        nothing_left(folder, signal.Signals(number).name, files=number != signal.SIGKILL)


def child_killed(tool, name):
    with tempfile.TemporaryDirectory(prefix="csign-") as folder:
        lab = start(tool, folder, "--only", HELD, "--jobs", "3")
        victims = [pid for pid, comm in in_the_middle(folder).items() if comm == name]
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        output = lab.communicate()[0]
        noticed = re.search(r"^FAILED " if lab.returncode else r"ok, attempt 2$", output, re.M)
        check(noticed, "kill -9 of %s: a cell fails or is run again (exit status %d)" % (name, lab.returncode))
        nothing_left(folder, "kill -9 of " + name)


def two_at_once(tool, where, environment):
    """In namespaces of their own, and side by side on the host's loopback interface."""
    with tempfile.TemporaryDirectory(prefix="csign-") as folder:
        labs = [start(tool, folder, "--only", CELLS, environment=environment) for _ in range(2)]
        for lab in labs:
            output = lab.communicate()[0]
            check(lab.returncode == 0, "two at once, %s: exit status %d %s" % (where, lab.returncode, output[-1000:] if lab.returncode else ""))
        nothing_left(folder, "two at once, " + where)


def main():
    built = command.build()
    tool = ["--tool", built["tool"], "--server", built["server"]]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        interrupted(tool, number)
    for name in ("smbd", "tcpdump", "smbtorture"):
        child_killed(tool, name)
    two_at_once(tool, "in own namespaces", {})
    if os.geteuid() == 0:  # who is not may not capture on the host's interface
        two_at_once(tool, "on the host's interface", {network.INSIDE: "host"})
    print("%d failures" % len(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
