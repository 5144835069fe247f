# SPDX-License-Identifier: Apache-2.0
"""Processes that never outlive the lab: each in a group of its own, all of them ended however the lab ends.

As a subreaper the lab inherits what its children leave behind, so a group that is gone is really gone. Should the lab itself be
killed, PR_SET_PDEATHSIG ends its children; smbd, which loses that when it changes its user, ends when its standard input closes.
"""
import ctypes
import os
import pathlib
import signal
import subprocess
import threading
import time

PR_SET_CHILD_SUBREAPER = 36
TICK = os.sysconf("SC_CLK_TCK")
KILL_ON_DEATH_OF_PARENT = ["setpriv", "--pdeathsig", "KILL", "--"]


class Stopped(Exception):
    """The lab is ending: nothing new is started."""


def processes_of(pid):
    """A process and all that came of it."""
    parents = {}
    for entry in filter(lambda p: p.name.isdigit(), pathlib.Path("/proc").iterdir()):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            pass
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cpu(pid):
    """User and system time of a server, in seconds."""
    total = 0
    for one in processes_of(pid):
        try:
            fields = pathlib.Path("/proc/%d/stat" % one).read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass  # one that has ended takes its time with it: none does while a connection is measured
    return total / TICK


class Processes:
    def __init__(self):
        self.lock, self.running, self.ended = threading.Lock(), {}, False
        if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")

    def start(self, command, output, env=None, errors=None):
        """Starts a command with its output, and errors if no other file is named for them, in a file; its standard input stays open as
        long as the lab lives."""
        with self.lock:
            if self.ended:
                raise Stopped()
            with open(output, "ab") as out, open(errors or output, "ab") as err:
                process = subprocess.Popen(KILL_ON_DEATH_OF_PARENT + list(map(str, command)), stdin=subprocess.PIPE, stdout=out, stderr=err,
                                           env={**os.environ, **(env or {})}, start_new_session=True)
            self.running[process.pid] = process
        return process

    def run(self, command, output, timeout, env=None):
        """Runs a command to its end and returns its exit status; None if it was still running after timeout seconds."""
        process = self.start(command, output, env)
        try:
            process.stdin.close()
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.stop(process)

    def stop(self, process, first=signal.SIGTERM, patience=5.0):
        """Ends a process and its group: asked first, then killed, then waited for."""
        deadline = time.monotonic() + patience
        sent = None
        while True:
            try:
                # The group's other members are ours by inheritance; the process itself is for Popen to wait for.
                if process.poll() is not None:
                    while os.waitpid(-process.pid, os.WNOHANG)[0]:
                        pass
            except ChildProcessError:
                pass
            now = signal.SIGKILL if time.monotonic() > deadline else first
            try:
                if sent != now:
                    os.killpg(process.pid, now)
                    sent = now
                else:
                    os.killpg(process.pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.01)
        process.wait()
        if process.stdin:
            process.stdin.close()
        with self.lock:
            self.running.pop(process.pid, None)

    def stop_all(self):
        """Ends everything; from now on nothing can be started."""
        with self.lock:
            self.ended = True
            running = list(self.running.values())
        for process in running:
            self.stop(process, patience=1.0)
