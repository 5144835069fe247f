# SPDX-License-Identifier: Apache-2.0
"""The parts of a campaign around the fuzzing, all through Bazel: setup, test suites, the builds of targets, captures, and at the end
the ledger and the merge."""
import os
import pathlib
import shlex
import subprocess
import sys
import time

import campaign_captures
import campaign_engines
import campaign_ledger
import campaign_state
import campaign_work
import tally
from campaign_report import Part

COMMAND = shlex.split(os.environ.get("BAZEL", "bazel"))
NO_LINKS = "--symlink_prefix=/"  # no bazel-* links in the tree
REPLAY = shlex.join([*COMMAND, "run", f"--config={campaign_engines.MEASURE}"])


class CannotRun(Exception):
    """Something the campaign needs is missing or does not build."""


def run(root, command, log=None):
    """Runs one of our own children to its end and returns its exit code; an interrupt takes it along."""
    sink = open(log, "wb") if log else None
    child = subprocess.Popen(command, cwd=root, stdout=sink, stderr=subprocess.STDOUT if log else None)
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    finally:
        if sink:
            sink.close()


class Builds:
    """Where binaries and seeds are, once they are built."""

    def __init__(self, root, folders):
        self.root, self.folders = root, folders

    def file(self, configuration, name):
        return self.folders[configuration] / name

    def binary(self, configuration, target):
        return self.file(configuration, f"{target}_bin")

    def seeds(self, target):
        return [self.folders[campaign_engines.MEASURE] / "seeds" / target, self.root / "corpus" / target]


class Bazel:
    def __init__(self, root, work):
        self.root, self.work = root, work

    def build(self, what, *arguments):
        log = self.work / f"{what}.log"
        if run(self.root, [*COMMAND, "build", NO_LINKS, "--noshow_progress", "--color=no", *arguments], log):
            sys.stdout.write("".join(log.read_text(errors="replace").splitlines(keepends=True)[-40:]))
            raise CannotRun(f"{what} does not build: `{shlex.join([*COMMAND, 'build', *arguments])}` failed; its output is in {log}")

    def bin(self, configuration):
        """Where a configuration's outputs are."""
        done = subprocess.run([*COMMAND, "info", f"--config={configuration}", "bazel-bin"], cwd=self.root, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotRun(f"bazel info --config={configuration}: {done.stderr.strip().splitlines()[-1:]}")
        return pathlib.Path(done.stdout.strip())

    def setup(self):
        began, log = time.monotonic(), self.work / "setup.log"
        if run(self.root, [str(self.root / "ci" / "setup")], log):
            sys.stdout.write(log.read_text(errors="replace"))
            raise CannotRun("ci/setup failed; see above")
        return Part("setup", True, time.monotonic() - began, "everything needed is installed", [])

    def tests(self, name, pattern):
        """A part that is a set of Bazel tests, run anew even if Bazel knows their results."""
        began, results = time.monotonic(), self.work / "results"
        results.mkdir(exist_ok=True)
        events = results / f"{name}.bep.json"
        events.write_text("")
        code = run(self.root, [*COMMAND, "test", "--keep_going", NO_LINKS, "--noshow_progress", "--nocache_test_results", "--color=no",
                               "--test_tag_filters=-formal-quick,-formal,-cross,-gates", f"--build_event_json_file={events}", pattern],
                   self.work / f"{name}.log")
        (results / f"{name}.exit").write_text(str(code))
        outcome = tally.bazel_checks(str(events), name)
        counts = {state: list(outcome.values()).count(state) for state in (tally.PASSED, tally.FAILED, tally.SKIPPED)}
        bad = sorted(n for n, state in outcome.items() if state != tally.PASSED)
        return Part(name, bool(outcome) and not bad, time.monotonic() - began,
                    f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped",
                    [f"{n}: {outcome[n]}; see {self.work}/{name}.log" for n in bad])

    def fuzz_binaries(self, pairs):
        """All binaries that the pairs need, the measuring ones and the seeds. What does not build is an error that names it."""
        wanted = {campaign_engines.MEASURE: ["//fuzz:seeds", *[f"//fuzz:{t}_bin" for t in dict.fromkeys(t for t, _ in pairs)]]}
        for target, name in pairs:
            for configuration, label in campaign_engines.CONFIGURATIONS[name].labels(target):
                labels = wanted.setdefault(configuration, [])
                if label not in labels:
                    labels.append(label)
        for configuration, labels in wanted.items():
            self.build(f"fuzz-{configuration}", f"--config={configuration}", *labels)
        return Builds(self.root, {c: self.bin(c) / "fuzz" for c in wanted})

    def captures(self):
        began = time.monotonic()
        self.build("tools", "--config=asan-ubsan", "//tools:countersign")
        rows = campaign_captures.check_all(self.bin("asan-ubsan") / "tools" / "countersign", self.root / "vectors" / "captures", self.work / "captures")
        wrong = [f"{r['capture']}: {w}; again: {r['command']}" for r in rows for w in r["wrong"]]
        messages = sum(sum(r["verdicts"].values()) for r in rows)
        return Part("captures", bool(rows) and not wrong, time.monotonic() - began,
                    f"{len(rows)} captures, {messages} messages, {len(wrong)} differences", wrong, rows)


def ledger(root, work, state):
    """Appends to the ledger what was done since it was last asked for, killed campaigns' slices included."""
    began, path = time.monotonic(), root / "corpus" / "LEDGER.jsonl"
    try:
        lines = campaign_ledger.append(path, state["unledgered"])
    except campaign_ledger.LedgerError as problem:
        return Part("ledger", False, time.monotonic() - began, str(problem), [])
    state["unledgered"] = []
    campaign_state.save(work / "state.json", state)
    return Part("ledger", True, time.monotonic() - began, f"{lines} lines appended to {path.relative_to(root)}", [])


def merge(root, work, chosen):
    code = run(root, [str(root / "ci" / "corpus"), "--merge", str(work), *[t for t in chosen if campaign_work.files(work / t / "corpus")]])
    return Part("merge", code == 0, 0.0, "new inputs were offered to corpus/", [] if code == 0 else ["ci/corpus --merge failed"])
