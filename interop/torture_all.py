# SPDX-License-Identifier: Apache-2.0
"""ci/interop --all: every test of smbtorture whose name begins with smb2. against the reference server, which is no file server product and does
not pass them all. SMBTORTURE.md holds what came of each, and a run that comes out otherwise says so: a record is for comparing. Whatever the outcome,
the server must go on, and `countersign pcap` and the second opinion must agree on every message."""
import collections
import concurrent.futures
import contextlib
import io
import pathlib
import re
import shutil
import subprocess

import judge
import recorder
import reference_torture
from cells import Cell
from clients import outcome, samba_options
from lab import ATTEMPTS
from table import show

# What cannot be judged, and why: the outcome counts all the same.
NOT_JUDGED = {"smb2.oplock.levelii502": "sends five bytes that are no SMB message",
              "smb2.secleak": "more sessions than countersign pcap remembers"}
RECORD = pathlib.Path(__file__).resolve().parent / "SMBTORTURE.md"
ROW = re.compile(r"^\| `(smb2\.[^`]+)` \| (.+?) \|", re.M)
ENDLESS = "still running"
SUCCESS, FAILURE, ERROR, SKIPPED = "success", "failure", "error", "skip"
COUNTED = (SUCCESS, FAILURE, ERROR, SKIPPED, ENDLESS)


def run(lab, name):
    """(row, outcome, reason) of one test."""
    cell = Cell("all." + name, "smbtorture", server="reference", tests=(name,), unsuccessful=(name,), judged=False, buffer_mib=256,
                client_options=samba_options())
    for attempt in range(1, ATTEMPTS + 1):  # a busy machine's kernel drops packets of the capture
        folder = lab.place(cell)
        problem = lab.record(cell, folder)
        if attempt == ATTEMPTS or not recorder.dropped(folder):
            break
        shutil.rmtree(folder)
    row = judge.Verdict(cell) if name in NOT_JUDGED else judge.judge(cell, folder, lab.tool)
    client = folder / "client.txt"
    text = client.read_text(errors="replace") if client.exists() else ""
    came, why = outcome(text, name)
    if came is None and problem and ENDLESS in problem:
        came, why, problem = ENDLESS, problem, None
    elif came is None:
        came, why = ERROR, "smbtorture ended without an outcome" + (", by a PANIC of its own" if "PANIC" in text else "")
    row.demand(problem is None, problem)
    if not lab.keep:
        shutil.rmtree(folder)
    return row, came, " ".join((why or "").split())


def recorded():
    """{test: outcome} of SMBTORTURE.md."""
    return dict(ROW.findall(RECORD.read_text())) if RECORD.exists() else {}


def report(ran):
    """A table of the suites, and a list of what was not successful."""
    suites = collections.defaultdict(list)
    for name, result in ran.items():
        suites[name.split(".")[1]].append(result)
    lines = [("suite", "tests", *COUNTED, "messages", "verified", "decrypted", "bad")]
    for suite, results in [*sorted(suites.items()), ("all", list(ran.values()))]:
        counts = collections.Counter(came for _, came, _ in results)
        rows = [row for row, _, _ in results]
        lines.append((suite, len(results), *(counts[one] for one in COUNTED), sum(row.messages for row in rows),
                      *(sum(row.counts[verdict] for row in rows) for verdict in ("verified", "decrypted", "bad"))))
    show(lines, right=range(1, len(lines[0])))


def write(ran):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        report(ran)
    version = subprocess.run(["smbtorture", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    rows = "".join("| `%s` | %s | %s |\n" % (name, came, why.replace("|", "\\|")[:200]) for name, (_, came, why) in ran.items())
    RECORD.write_text("""# Every smb2 test of smbtorture against the reference server

Written by `ci/interop --all --accept`; `ci/interop --all` compares a run with it. smbtorture %s. The server is here for signing, not to be a file
server product: what it has none of (leases, durable handles, streams, copy chunks and more) fails here. Of the suites that are about its purpose each
failure has a reason in [KNOWN_FAILURES.md](KNOWN_FAILURES.md). Whatever came of a test, its messages were judged: `bad` are those that tests sign wrongly on
purpose.

```
%s```

| test | outcome | what smbtorture says |
|---|---|---|
%s""" % (version, text.getvalue(), rows))


def main(lab, jobs, accept):
    names = reference_torture.tests()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        ran = dict(zip(names, pool.map(lambda name: run(lab, name), names)))
    report(ran)
    before, otherwise = recorded(), []
    for name, (row, came, why) in ran.items():
        for problem in row.problems:
            print("FAILED %s: %s" % (name, problem))
        if came != before.get(name):
            otherwise.append("%s: %s, recorded is %s%s" % (name, came, before.get(name, "nothing"), "; " + why if why else ""))
    otherwise += ["%s: recorded, and smbtorture has no such test" % name for name in before.keys() - ran.keys()]
    failed = sum(bool(row.problems) for row, _, _ in ran.values())
    if accept:
        write(ran)
    print(*otherwise, sep="\n", end="\n" if otherwise else "")
    print("%d tests, %d came out otherwise than recorded%s; %d failed, because the server ended or a message was judged differently"
          % (len(ran), len(otherwise), ", which is now the record" if accept else "", failed))
    return 1 if failed or (otherwise and not accept) else 0
