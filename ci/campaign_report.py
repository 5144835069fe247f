# SPDX-License-Identifier: Apache-2.0
"""What a campaign tells: lines while it runs, a table at the end, and the same as report.json."""
import json
import subprocess
import sys
import time


class Part:
    """A part that is not fuzzing: whether all was well, and a line for each thing that was not."""

    def __init__(self, name, ok, seconds, summary, problems, rows=None):
        self.name, self.ok, self.seconds, self.summary, self.problems, self.rows = name, ok, seconds, summary, problems, rows

    def row(self):
        return {"part": self.name, "ok": self.ok, "seconds": round(self.seconds, 1), "summary": self.summary,
                "problems": self.problems, **({"rows": self.rows} if self.rows is not None else {})}


class Lines:
    """Progress: on a terminal one line that changes, elsewhere one line for each target that ends."""

    def __init__(self):
        self.terminal = sys.stdout.isatty()
        self.told = 0.0
        self.done = []

    def _clear(self):
        if self.terminal:
            sys.stdout.write("\r\033[K")

    def say(self, text):
        self._clear()
        print(text, flush=True)

    def started(self, job):
        pass

    def progress(self, running):
        if not self.terminal or time.monotonic() - self.told < 1:
            return
        self.told = time.monotonic()
        parts = []
        for job in running:
            job.read()
            parts.append(f"{job.name} {time.monotonic() - job.began:.0f} s {job.executions:,} runs {job.per_second:,}/s {job.features:,} features")
        self._clear()
        sys.stdout.write(" | ".join(parts)[:160])
        sys.stdout.flush()

    def ended(self, job):
        self.done.append(job)
        found = f", {len(job.findings)} FINDING" if job.findings else ""
        self.say(f"{job.name}: {job.executions:,} executions in {job.seconds:.1f} s, {job.per_second:,} a second, "
                 f"{job.features:,} features, {job.new:,} new inputs{found}")


class Report:
    def __init__(self, root, options):
        self.root, self.options = root, options
        self.path = options.work / "report.json"
        self.parts, self.jobs, self.left_out = [], [], []
        self.began = time.monotonic()
        self.show = Lines()

    def part(self, part):
        self.parts.append(part)
        self.show.say(f"{part.name}: {part.summary} ({part.seconds:.1f} s)")
        for problem in part.problems:
            self.show.say(f"  {problem}")

    def fuzz(self, jobs):
        self.jobs = jobs

    def not_run(self, names, why):
        self.left_out += [{"part": n, "why": why} for n in names]

    def _table(self):
        head = ("target", "executions", "per second", "per CPU-second", "corpus", "features", "new inputs", "findings")
        rows = [head] + [(j.name, f"{j.executions:,}", f"{j.per_second:,}", f"{j.per_cpu_second:,}", f"{j.inputs:,}", f"{j.features:,}", f"{j.new:,}",
                          str(len(j.findings))) for j in self.jobs]
        widths = [max(len(r[i]) for r in rows) for i in range(len(head))]
        lines = ["  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths))) for r in rows]
        lines.insert(1, "  ".join("-" * w for w in widths))
        if len(self.jobs) > 1:
            lines.append(f"{len(self.jobs)} targets, {sum(j.executions for j in self.jobs):,} executions, "
                         f"{sum(len(j.findings) for j in self.jobs)} findings")
        return lines

    def _write(self, state, verdict):
        commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=self.root, capture_output=True, text=True, check=False).stdout.strip()
        self.options.work.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps({
            "state": state, "verdict": verdict, "commit": commit or None, "sanitizers": ["address", "undefined"], "engine": "libFuzzer",
            "seconds": round(time.monotonic() - self.began, 1),
            "limit": {"runs": self.options.runs} if self.options.runs else {"seconds": self.options.seconds},
            "parts": [p.row() for p in self.parts], "not_run": self.left_out, "targets": [j.row() for j in self.jobs]}, indent=1) + "\n")

    def _end(self, state):
        self.jobs = self.jobs or self.show.done
        findings = [(j, f) for j in self.jobs for f in j.findings]
        failed = [p for p in self.parts if not p.ok]
        if self.jobs:
            self.show.say("\n" + "\n".join(self._table()))
        for job, finding in findings:
            self.show.say(f"\nFINDING in {job.name}: {finding['reason']}\n  input:  {finding['input']}\n  replay: {finding['replay']}")
        for part in failed:
            self.show.say(f"\nFAILED: {part.name}: {part.summary}")
        for left in self.left_out:
            self.show.say(f"not run: {left['part']} ({left['why']})")
        verdict = "finding" if findings else "failed" if failed else state
        self._write(state, verdict)
        self.show.say(f"\n{'new inputs: ' + str(self.options.work) + '/TARGET/corpus   ' if self.jobs else ''}report: {self.path}")
        return 1 if findings or failed else 0

    def finish(self):
        if not self.jobs:
            self.show.say("no fuzz target ran")
            self._end("empty")
            return 1
        return self._end("complete")

    def stopped(self, why):
        self._end("stopped: " + why)
        print(f"ci/campaign: {why}", file=sys.stderr)
