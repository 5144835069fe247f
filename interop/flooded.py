# SPDX-License-Identifier: Apache-2.0
"""The floods of floods.py, each against a reference server of its own, while a client that behaves (bystander.py) measures how it is served: before,
during and after. The server's memory is what /proc says of it."""
import os
import pathlib
import re
import sys
import tempfile
import time

import server
from flood import MIB
from table import show

HERE = pathlib.Path(__file__).resolve().parent
SLOWEST = 3.0  # seconds that the one that behaves may wait for an answer, on a machine that does other things too
LOST = 10240  # bytes; gss-ntlmssp 1.2 loses about 6 KiB for each password that it hashes: an OpenSSL library context with its legacy provider
QUIET = 0.7  # seconds before a flood, and after it


def memory(process, field):
    """VmRSS, or VmHWM (the peak since it was reset), in bytes; 0 of a process that has ended."""
    found = re.search(r"^%s:\s+(\d+) kB" % field, pathlib.Path("/proc/%d/status" % process.pid).read_text(), re.M)
    return int(found.group(1)) * 1024 if found else 0


def reset_peak(process):
    pathlib.Path("/proc/%d/clear_refs" % process.pid).write_text("5")


def stated_bound():
    """What connection.h says that a connection may hold, in bytes."""
    return int(re.search(r"together about (\d+) MiB", (HERE / "server" / "connection.h").read_text()).group(1)) * MIB


class Bystander:
    def __init__(self, lab, folder, port):
        self.output, self.lab = folder / "bystander.txt", lab
        self.process = lab.processes.start([sys.executable, HERE / "bystander.py", port], self.output, errors=folder / "bystander.log")
        self.errors = folder / "bystander.log"

    def lines(self):
        text = self.output.read_text()
        return [tuple(map(float, line.split())) for line in text[:text.rfind("\n") + 1].splitlines()]

    def wait(self):
        deadline = time.monotonic() + 15
        while not self.lines():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError("the bystander: %s" % self.errors.read_text().strip()[-500:])
            time.sleep(0.02)

    def between(self, start, end):
        """Answers a second, wrong ones, the slowest. An answer that is waited for at the end counts as long as it has been waited for."""
        lines = [line for line in self.lines() if start <= line[0] <= end]
        if len(lines) < 2:
            return 0.0, 0, end - start
        first, last = lines[0], lines[-1]
        return (last[1] - first[1]) / max(last[0] - first[0], 0.001), int(last[2] - first[2]), max(*(line[3] for line in lines[1:]), end - last[0])


def descriptors(process):
    return len(os.listdir("/proc/%d/fd" % process.pid))


def watch(process, flood, seconds):
    """Until the flood ends: how many connections the server held at most."""
    most, deadline = 0, time.monotonic() + seconds + 30
    while flood.poll() is None and process.poll() is None and time.monotonic() < deadline:
        most = max(most, descriptors(process))
        time.sleep(0.1)
    return most


class Row:
    def __init__(self, kind):
        self.name, self.kind, self.problems, self.did = kind.name, kind, [], ""
        self.rates, self.slowest, self.memory, self.held = [0, 0, 0], 0, [0, 0, 0], 0

    def demand(self, condition, problem):
        if not condition:
            self.problems.append(problem)


def run(lab, kind, pace=1.0):
    row, folder = Row(kind), pathlib.Path(tempfile.mkdtemp(dir=lab.folder))
    process, port = server.reference(lab, folder, folder / "server.log", kind.arguments)
    bystander = Bystander(lab, folder, port)
    flood = None
    try:
        bystander.wait()
        marks = [time.monotonic()]
        time.sleep(QUIET * pace)
        row.memory[0], before = memory(process, "VmRSS"), descriptors(process)
        reset_peak(process)
        marks.append(time.monotonic())
        flood = lab.processes.start([sys.executable, HERE / "floods.py", kind.name, port, kind.seconds * pace], folder / "flood.txt",
                                    errors=folder / "flood.log")
        row.held = max(0, watch(process, flood, kind.seconds) - before)
        marks.append(time.monotonic())
        row.memory[1] = memory(process, "VmHWM")
        time.sleep(QUIET * pace)
        marks.append(time.monotonic())
        row.memory[2] = memory(process, "VmRSS")
        judge(row, bystander, marks, process, flood, folder)
    finally:
        for started in (flood, bystander.process):
            if started:
                lab.processes.stop(started)
        lab.processes.stop(process)
    row.demand(process.returncode == 0, "the server's exit status: %s" % process.returncode)
    return row


def judge(row, bystander, marks, process, flood, folder):
    said = (folder / "flood.txt").read_text().splitlines()
    row.did = said[0] if said else ""
    for line in said[1:]:
        row.demand(False, line.removeprefix("PROBLEM "))
    row.demand(flood.returncode == 0, "the flood's exit status: %s %s" % (flood.returncode, (folder / "flood.log").read_text().strip()[-300:]))
    row.demand(process.poll() is None, "the server ended: %s" % process.poll())
    for i, (start, end) in enumerate(zip(marks, marks[1:])):
        row.rates[i], wrong, slowest = bystander.between(start, end)
        row.slowest = max(row.slowest, slowest)
        row.demand(not wrong, "the bystander got %d wrong answers: %s" % (wrong, bystander.errors.read_text().strip()[-300:]))
    row.demand(all(row.rates) and row.slowest <= SLOWEST, "the bystander was not served: %s a second, an answer after %.1f s"
               % ("/".join("%.0f" % r for r in row.rates), row.slowest))
    many = re.search(r"(\d+) authentications", row.did)
    if many:
        each = (row.memory[2] - row.memory[0]) / int(many.group(1))
        row.did += ", %.1f KiB lost for each" % (each / 1024)
        row.demand(each < LOST, "%.0f bytes of memory were lost for each authentication" % each)
    grown = row.memory[1] - row.memory[0]
    row.demand(grown <= row.kind.mib * MIB, "grew by %d MiB; %d are the most" % (grown / MIB, row.kind.mib))
    row.demand(grown <= max(1, row.held) * stated_bound(), "grew by %d MiB, more than the bound for %d connections" % (grown / MIB, row.held))


def line(row):
    mib = tuple("%.1f" % (m / MIB) for m in row.memory)
    return (row.name, row.held, *("%.0f" % r for r in row.rates), "%.0f" % (row.slowest * 1000), *mib, "FAILED" if row.problems else "ok", row.did)


def main(lab, some, quick=False):
    rows = [run(lab, flood, 0.5 if quick else 1.0) for flood in some]
    show([("flood", "held", "req/s before", "during", "after", "slowest ms", "MiB before", "peak", "after", "result", "what was done")]
         + [line(row) for row in rows], right=range(1, 9))
    for row in rows:
        for problem in row.problems:
            print("FAILED %s: %s" % (row.name, problem))
    print("%d floods, %d failed" % (len(rows), sum(bool(row.problems) for row in rows)))
    return 1 if any(row.problems for row in rows) else 0
