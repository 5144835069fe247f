#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One child of a campaign: runs a command, takes in what it leaves behind, and writes what all of it cost.

afl-fuzz kills its fork server without waiting for the program below, whose processor time would be lost to whoever waits for
afl-fuzz alone; so this process adopts orphans. And it dies with the campaign, however that ends, and takes all below with it:
it holds the campaign's lock until then, so that the next campaign in the same folder does not begin while an old child writes.

usage: campaign_child.py PARENT RESULT COMMAND...      RESULT becomes {"exit", "seconds", "cpu_seconds"}
"""
import ctypes
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
PATIENCE = 5  # seconds from asking to end to killing


def children():
    """The pids of this process' children."""
    mine = str(os.getpid())
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = pathlib.Path("/proc", entry, "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            if fields[1] == mine:
                found.append(int(entry))
    return found


def kill_all():
    for pid in children():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def main(parent, result, command):
    libc = ctypes.CDLL(None)
    began, cpu, status = time.monotonic(), 0.0, None
    child, asked = None, False

    def end(*_):
        """Both engines write their last numbers when interrupted."""
        nonlocal asked
        asked = True
        if child is not None:
            child.send_signal(signal.SIGINT)
            signal.alarm(PATIENCE)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGALRM, lambda *_: kill_all())
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        return 1  # the campaign died before the line above could tell
    child = subprocess.Popen(command, start_new_session=True)
    if asked:
        end()
    while True:
        try:
            pid, code, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        cpu += usage.ru_utime + usage.ru_stime
        if pid == child.pid:
            status = child.returncode = os.waitstatus_to_exitcode(code)
        if status is not None:
            kill_all()
    cost = {"exit": status, "seconds": time.monotonic() - began, "cpu_seconds": cpu}
    pathlib.Path(result).write_text(json.dumps(cost), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
